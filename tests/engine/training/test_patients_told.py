"""Which pictures are of one patient, by subfolders, names and columns, and what is said of it."""

from pathlib import Path

import pytest
from class_folders import check, write

from engine.errors import Refusal
from engine.task import Task
from engine.training import data
from engine.training import plan as plans
from engine.training.patients import patient_of
from engine.training.quick import Wishes, plan_for


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


@pytest.mark.parametrize(
    ("normal", "disease", "patients"),
    [
        (["amy/a.png", "amy/b.png"], ["ben/a.png", "carl/a.png"], {"amy", "ben", "carl"}),
        (["images/p1.png", "images/p2.png"], ["images/p3.png"], {"p1", "p2", "p3"}),
        (
            ["images/amy/2020/a.png", "images/amy/2021/a.png", "images/ben/a.png"],
            ["all/raw/carl/a.png", "all/dora/b.png"],
            {"amy", "ben", "raw", "dora"},
        ),
    ],
    ids=["one patient alone in a class", "one folder in each class", "folders within those"],
)
def test_a_subfolder_is_a_patient_unless_each_class_has_all_in_one(
    tmp_path: Path, normal: list[str], disease: list[str], patients: set[str]
) -> None:
    found = data.gather(write(tmp_path, {"normal": normal, "disease": disease}), Task())
    assert {picture.patient for picture in found.pictures} == patients
