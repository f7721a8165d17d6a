"""A folder by class is checked in words before any training."""

from pathlib import Path

import pytest
from class_folders import two, write
from PIL import Image

from engine.errors import Refusal
from engine.reports import annotated
from engine.runs import Check, FoundClass
from engine.task import Task
from engine.training import data
from engine.training import plan as plans
from engine.training.class_names import referable_by_name
from engine.training.patients import patient_of
from engine.training.quick import Wishes, plan_for


def check(folder: Path, *referable: str) -> Check:
    return data.check_folder(folder, referable, Task())


def test_two_folders_are_counted_and_told_apart_by_their_names(tmp_path: Path) -> None:
    found = check(two(tmp_path, 9))
    assert [(each.name, each.pictures, each.referable) for each in found.classes] == [
        ("disease", 9, True),
        ("normal", 9, False),
    ]
    assert (found.pictures, found.referable, found.patients) == (18, 9, 18)
    assert not found.refusal


@pytest.mark.parametrize(
    ("names", "referable"),
    [
        (["0", "1", "2", "3", "4"], {"2", "3", "4"}),
        (["0", "1"], {"1"}),
        (["0 - none", "Grade 3"], {"Grade 3"}),
        (["No_DR", "Mild", "Moderate", "Severe", "Proliferate_DR"],
         {"Moderate", "Severe", "Proliferate_DR"}),
        (["normal", "glaucoma"], {"glaucoma"}),
        (["a", "referable"], {"referable"}),
    ],
)  # fmt: skip
def test_names_tell_what_is_referable(names: list[str], referable: set[str]) -> None:
    assert referable_by_name(names) == {name: name in referable for name in names}


@pytest.mark.parametrize("names", [["left", "right"], ["a", "b", "c"], ["normal", "healthy"]])
def test_names_that_do_not_tell_are_not_guessed(names: list[str]) -> None:
    assert referable_by_name(names) is None


def test_who_is_asked_may_say_which_class_is_referable(tmp_path: Path) -> None:
    folder = write(tmp_path, {c: [f"p{c}{n}.png" for n in range(8)] for c in "abc"})
    assert check(folder).undecided
    found = check(folder, "b", "c")
    assert [each.referable for each in found.classes] == [False, True, True]
    assert found.referable == 16


def test_a_class_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="There is no class glaucoma"):
        check(two(tmp_path), "glaucoma")


def test_the_same_picture_twice_in_a_class_is_taken_once(tmp_path: Path) -> None:
    folder = two(tmp_path)
    (folder / "normal" / "zz copy.png").write_bytes((folder / "normal" / "p000.png").read_bytes())
    found = check(folder)
    assert found.pictures == 16
    assert [each.name for each in found.left_out] == ["normal/zz copy.png"]
    assert "normal/p000.png" in found.left_out[0].why


def test_a_class_that_is_too_short_names_what_was_left_out(tmp_path: Path) -> None:
    folder = two(tmp_path)
    (folder / "normal" / "p000.png").write_text("No picture.")
    refusal = check(folder).refusal
    assert refusal.startswith("7 patients are not referable; 8 are needed")
    assert "Left out: normal/p000.png: " in refusal


def test_sites_that_count_as_patients_are_told_where_that_leaves_too_few(tmp_path: Path) -> None:
    sites = {
        f"{c}/{site}": [f"{n}.png" for n in range(9)] for c in "01" for site in ("bern", "ulm")
    }
    sites["1/bern"].append("9.png")
    refusal = check(write(tmp_path, sites)).refusal
    assert refusal == (
        "2 patients are referable; 8 are needed, so that some can be held out. A subfolder counts "
        "as one patient, here bern with 10 of these pictures. Where it is a site or a day, give "
        "each patient a subfolder in its place, or name the patients in a table with the columns "
        "image, dr_grade and patient."
    )


def test_a_table_of_sites_says_which_column_would_tell_the_patients(tmp_path: Path) -> None:
    sites = {site: [f"{n}.png" for n in range(9)] for site in ("bern", "ulm")}
    folder = write(tmp_path, sites)
    rows = [f"{site}/{n},{2 * (n % 2)}" for site in sites for n in range(9)]
    (folder / "grades.csv").write_text("\n".join(["image,dr_grade", *rows]))
    refusal = check(folder).refusal
    assert "A subfolder counts as one patient, here bern with 4 of these" in refusal
    assert refusal.endswith("or name the patients in a column patient of grades.csv.")
    # It does what it says.
    rows = [f"{row},{number}" for number, row in enumerate(rows)]
    (folder / "grades.csv").write_text("\n".join(["image,dr_grade,patient", *rows]))
    assert not check(folder).refusal


def test_names_and_columns_that_make_few_patients_are_told(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "names",
        {"0": [f"{n}.png" for n in range(9)], "1": ["12_left.png", "12_right.png", "7.png"]},
    )
    assert (
        "differ in the eye, or have one patient's number, count as one patient, here 12 with 2"
        in (check(folder).refusal)
    )
    folder = write(tmp_path / "column", {"all": [f"{n}.png" for n in range(18)]})
    rows = [f"all/{n},{n % 3},{n // 9}" for n in range(18)]
    (folder / "grades.csv").write_text("\n".join(["image,dr_grade,patient", *rows]))
    assert check(folder).refusal.endswith(
        "Patients are told by the column patient of grades.csv, here 0 with 3 of these pictures."
    )


def test_of_the_same_picture_twice_the_one_whose_patient_is_told_is_taken(tmp_path: Path) -> None:
    folder = two(tmp_path)
    both = write(folder, {"normal/p089": ["x139.jpg", "x140.jpg"]}) / "normal" / "p089"
    export = folder / "normal" / "AAA_export.jpg"
    export.write_bytes((both / "x139.jpg").read_bytes())
    found = check(folder)
    assert (found.pictures, found.patients) == (18, 17)
    assert [each.name for each in found.left_out] == ["normal/AAA_export.jpg"]
    assert "normal/p089/x139.jpg" in found.left_out[0].why


@pytest.mark.parametrize(
    "name",
    ["12_left (1)", "12_left copy", "12_left copy 2", "12_left - Copy (2)", "Copy of 12_left",
     "12_left(1)", "12_left - Kopie"],
)  # fmt: skip
def test_a_copy_beside_its_photograph_is_of_the_same_patient(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path, {"normal": ["12_left.png", "12_right.png"], "disease": ["9.png"]})
    there = folder / "normal"
    (there / f"{name}.png").write_bytes((there / "12_left.png").read_bytes())
    gathered = data.gather(folder, Task())
    (gone,) = gathered.left_out
    assert (gone.name, gone.why) == (
        f"normal/{name}.png",
        "It is the same picture as normal/12_left.png.",
    )
    eyes = [each for each in gathered.pictures if each.path.stem.startswith("12_")]
    assert [each.patient for each in eyes] == ["12", "12"]


def test_a_table_that_gives_a_copy_to_another_patient_is_believed_in_neither(
    tmp_path: Path,
) -> None:
    names = [f"x{n:02d}q" for n in range(32)]
    write(tmp_path, {".": [f"{name}.png" for name in names]})
    (tmp_path / "x00q (1).png").write_bytes((tmp_path / "x00q.png").read_bytes())
    rows = [f"{name},{n % 2 * 3},p{n}" for n, name in enumerate([*names, "x00q (1)"])]
    (tmp_path / "grades.csv").write_text("image,dr_grade,patient\n" + "\n".join(rows))
    assert len(check(tmp_path).left_out) == 2


def test_the_same_picture_of_two_patients_is_left_out_of_both(tmp_path: Path) -> None:
    folder = two(tmp_path, 9)
    copy = folder / "normal" / "p000" / "export.png"
    copy.parent.mkdir()
    copy.write_bytes((folder / "normal" / "p001.png").read_bytes())
    found = check(folder)
    assert {each.name for each in found.left_out} == {"normal/p001.png", "normal/p000/export.png"}
    assert all("p000 and p001" in each.why for each in found.left_out)
    assert found.pictures == 17


def test_the_same_picture_in_two_classes_is_left_out_of_both(tmp_path: Path) -> None:
    folder = two(tmp_path, 9)
    (folder / "disease" / "x.png").write_bytes((folder / "normal" / "p000.png").read_bytes())
    found = check(folder)
    assert {each.name for each in found.left_out} == {"normal/p000.png", "disease/x.png"}
    assert found.pictures == 17


def test_files_that_are_no_photographs_are_left_out_and_named(tmp_path: Path) -> None:
    folder = two(tmp_path)
    (folder / "normal" / "notes.jpg").write_text("no picture")
    (folder / "normal" / "empty.png").write_bytes(b"")
    (folder / "normal" / "notes.txt").write_text("no picture")
    found = check(folder)
    named = {"normal/notes.jpg", "normal/empty.png", "normal/notes.txt"}
    assert {each.name for each in found.left_out} == named
    assert "3 files were left out." in found.warnings


def test_camera_raw_files_are_left_out_by_name_and_by_content(tmp_path: Path) -> None:
    folder = two(tmp_path)
    (folder / "normal" / "a.nef").write_bytes(b"of any content")
    raw = Image.new("RGB", (8, 8))
    raw.save(folder / "normal" / "b.tif", tiffinfo={50706: b"\1\4\0\0"})
    why = {each.name: each.why for each in check(folder).left_out}
    assert why["normal/a.nef"] == "It is camera raw: export it as a JPEG or TIFF first."
    assert "It is a camera's raw file" in why["normal/b.tif"]


def test_annotated_pictures_are_left_out_and_counted(tmp_path: Path) -> None:
    folder = two(tmp_path, 8)
    page = Image.new("RGB", (60, 40))
    annotated.save(folder / "normal" / "seen.png", page)
    found = check(folder)
    assert found.pictures == 16
    assert [each.name for each in found.left_out] == ["normal/seen.png"]
    assert "1 picture that LesionLens annotated was left out." in found.warnings
    annotated.save(folder / "disease" / "seen.png", page)
    assert "2 pictures that LesionLens annotated were left out." in check(folder).warnings


@pytest.mark.parametrize(("pictures", "warned"), [(20, False), (21, True)])
def test_a_patient_of_very_many_pictures_is_doubted(
    tmp_path: Path, pictures: int, warned: bool
) -> None:
    names = [f"p{n}/a.png" for n in range(8)]
    of_one = [f"bern/{n}.png" for n in range(pictures)]
    found = check(write(tmp_path, {"normal": names + of_one, "disease": names}))
    assert not found.refusal
    said = " ".join(found.warnings)
    assert (f"counts as one patient, here bern with {pictures} of these" in said) is warned


def test_too_few_patients_of_a_class_are_refused(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        {"normal": [f"p{n}.png" for n in range(9)], "disease": ["p90_left.png", "p90_right.png"]},
    )
    assert check(folder).refusal.startswith("1 patient is referable")


@pytest.mark.parametrize(
    "make", [lambda folder: None, lambda folder: write(folder, {"one": ["a.png"]})]
)
def test_a_folder_that_is_not_sorted_by_class_is_refused(tmp_path: Path, make) -> None:
    make(tmp_path)
    with pytest.raises(Refusal, match="is not sorted by class"):
        check(tmp_path)


def test_a_table_of_grades_is_taken_instead_of_folders(tmp_path: Path) -> None:
    write(tmp_path, {".": [f"i{n}.png" for n in range(20)]})
    rows = [f"i{n},{4 * (n % 2)},v{n // 2}" for n in range(20)]
    (tmp_path / "grades.csv").write_text("image,dr_grade,patient\n" + "\n".join(rows))
    found = check(tmp_path)
    assert found.table == "grades.csv"
    assert (found.pictures, found.referable, found.patients) == (20, 10, 10)


@pytest.mark.parametrize(("column", "told"), [("patient", True), ("camera", False)])
def test_that_nothing_tells_patients_is_said_only_where_no_column_tells_them(
    tmp_path: Path, column: str, told: bool
) -> None:
    write(tmp_path, {".": [f"i{n}.png" for n in range(20)]})
    rows = [f"i{n},{4 * (n % 2)},v{n}" for n in range(20)]
    (tmp_path / "grades.csv").write_text(f"image,dr_grade,{column}\n" + "\n".join(rows))
    found = check(tmp_path)
    assert found.patients == 20
    assert any("No name tells" in said for said in found.warnings) is not told


def table_of_pairs(folder: Path, column: str) -> Path:
    """Sixteen patients of two photographs each, whom a column alone tells."""
    write(folder, {".": [f"x{n:03d}q.png" for n in range(32)]})
    rows = [f"x{n:03d}q.png,{n // 2 % 2 * 3},s{n // 2}" for n in range(32)]
    (folder / "grades.csv").write_text(f"image,dr_grade,{column}\n" + "\n".join(rows))
    return folder


def held_out(column: str) -> plans.Data:
    return plans.Data("grades.csv", "n", "l", "s", "l", patient=column, held_out=0.25)


def test_a_held_out_part_keeps_the_patients_of_the_plans_column_whole(tmp_path: Path) -> None:
    folder = table_of_pairs(tmp_path, "subject")
    graded, _ = data.read(folder, held_out("subject"), Task())
    assert graded.patients_told
    assert len(set(graded.patients)) == 16
    named, _ = data.read(folder, held_out(""), Task())
    assert not named.patients_told
    assert len(set(named.patients)) == 32


def test_a_plans_column_of_patients_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="The column subjekt is missing"):
        data.read(table_of_pairs(tmp_path, "subject"), held_out("subjekt"), Task())


def test_the_quick_plan_names_the_column_that_was_found(tmp_path: Path) -> None:
    found = check(table_of_pairs(tmp_path, "Patient_ID"))
    assert found.patients == 16
    assert plan_for(found, Wishes()).data.patient == "Patient_ID"


def test_in_a_table_without_patients_a_subfolder_is_one_unless_all_lie_in_it(
    tmp_path: Path,
) -> None:
    def patients(folder: Path, place: str) -> int:
        names = [f"{place.format(n // 2)}/x{n:03d}q.png" for n in range(32)]
        write(folder, {".": names})
        rows = [f"{name},{n // 2 % 2 * 3}" for n, name in enumerate(names)]
        (folder / "grades.csv").write_text("image,dr_grade\n" + "\n".join(rows))
        return check(folder).patients

    assert patients(tmp_path / "a", "patient{:02d}") == 16
    assert patients(tmp_path / "b", "images") == 32


@pytest.mark.parametrize(
    ("name", "patient"),
    [
        ("12_left.jpeg", "12"),
        ("12_right.jpeg", "12"),
        ("OD-0815.png", "0815"),
        ("p012_IDRiD_003.jpg", "p012"),
        ("visit2 patient 7 od.jpg", "patient 7"),
        ("12-left-2.jpg", "12"),
        ("amy/left.jpg", "amy"),
        ("amy/2020/left.jpg", "amy"),
        ("amy/2021/right eye/7.jpg", "amy"),
        ("IDRiD_003.jpg", "IDRiD_003"),
        ("scan2.png", "scan2"),
    ],
)
def test_names_tell_patients(name: str, patient: str) -> None:
    assert patient_of(Path("class") / name, Path("class")) == patient


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Image_01L.jpg", "Image_01R.jpg"),  # CHASE_DB1
        ("RET002OD.jpg", "RET002OS.jpg"),  # PAPILA
        ("1234567_21015_0_0.png", "1234567_21016_0_0.png"),  # UK Biobank
        ("12_left_macula.jpg", "12_right_macula.jpg"),
        ("12_links.jpg", "12_rechts.jpg"),
    ],
)
def test_both_eyes_of_a_patient_are_one_patient_however_a_name_says_the_eye(
    one: str, other: str
) -> None:
    folder = Path("class")
    assert patient_of(folder / one, folder) == patient_of(folder / other, folder)


def of_table(classes: dict[str, bool]) -> Check:
    found = tuple(FoundClass(name, 9, referable) for name, referable in classes.items())
    return Check("there", found, 40, 20, 40, table="grades.csv")


@pytest.mark.parametrize(
    ("classes", "first"),
    [
        ({"0": False, "1": False, "2": True, "3": True}, 2),
        ({"0": False, "2": False, "3": True, "4": True}, 3),
        ({"0": False, "1": True}, 1),
        ({"0": False, "4": True}, 2),
    ],
)
def test_the_plan_means_by_a_grade_what_its_check_said(
    classes: dict[str, bool], first: int
) -> None:
    assert plan_for(of_table(classes), Wishes()).data.referable_from == first


def test_grades_that_are_referable_out_of_order_are_refused() -> None:
    with pytest.raises(Refusal, match="a higher one must be referable"):
        plan_for(of_table({"0": False, "2": True, "3": False}), Wishes())


def test_a_class_with_one_patient_in_its_subfolder_has_one_patient(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        {"normal": ["amy/a.png", "amy/b.png"], "disease": ["ben/a.png", "carl/a.png"]},
    )
    found = data.gather(folder, Task())
    assert {picture.patient for picture in found.pictures} == {"amy", "ben", "carl"}


def test_a_single_subfolder_in_each_class_is_no_patient(tmp_path: Path) -> None:
    folder = write(
        tmp_path, {"normal": ["images/p1.png", "images/p2.png"], "disease": ["images/p3.png"]}
    )
    found = data.gather(folder, Task())
    assert {picture.patient for picture in found.pictures} == {"p1", "p2", "p3"}


def test_folders_that_all_classes_have_all_in_are_no_patients_and_those_within_are(
    tmp_path: Path,
) -> None:
    folder = write(
        tmp_path,
        {
            "normal": ["images/amy/2020/a.png", "images/amy/2021/a.png", "images/ben/a.png"],
            "disease": ["all/raw/carl/a.png", "all/dora/b.png"],
        },
    )
    found = data.gather(folder, Task())
    assert {picture.patient for picture in found.pictures} == {"amy", "ben", "raw", "dora"}
