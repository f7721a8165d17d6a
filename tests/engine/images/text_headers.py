"""Volume files whose header is text, NRRD and MetaImage, with fields as a test wants them."""

from pathlib import Path


def nrrd(folder: Path, data: bytes, name: str = "scan.nrrd", **fields: str) -> Path:
    usual = {
        "type": "short",
        "dimension": "3",
        "space": "left-posterior-superior",
        "sizes": "2 3 4",
        "space directions": "(1,0,0) (0,2,0) (0,0,3)",
        "space origin": "(10,20,30)",
        "endian": "little",
        "encoding": "raw",
    }
    said = {**usual, **{key.replace("_", " "): value for key, value in fields.items()}}
    lines = [f"{key}: {value}" for key, value in said.items() if value]
    (folder / name).write_bytes("\n".join(["NRRD0005", *lines, "", ""]).encode() + data)
    return folder / name


def mha(folder: Path, data: bytes, name: str = "scan.mha", **fields: str) -> Path:
    usual = {
        "ObjectType": "Image",
        "NDims": "3",
        "BinaryData": "True",
        "BinaryDataByteOrderMSB": "False",
        "CompressedData": "False",
        "TransformMatrix": "1 0 0 0 1 0 0 0 1",
        "Offset": "10 20 30",
        "ElementSpacing": "1 2 3",
        "DimSize": "2 3 4",
        "ElementType": "MET_SHORT",
    }
    last = {"ElementDataFile": fields.pop("ElementDataFile", "LOCAL")}
    lines = [f"{key} = {value}" for key, value in {**usual, **fields, **last}.items() if value]
    (folder / name).write_bytes(("\n".join(lines) + "\n").encode() + data)
    return folder / name
