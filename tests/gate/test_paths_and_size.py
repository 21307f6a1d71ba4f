"""Protected paths stay untouched by any name or link, and a change stays small enough to be reviewed."""

import pytest

from processor.gate.built_in.protected_paths import protecting_pattern
from processor.model import CheckResult
from tests.gate.conftest import Project, git, row


@pytest.mark.parametrize(
    "path",
    [
        ".github/workflows/ci.yml",
        ".GitHub/workflows/ci.yml",
        "CODEOWNERS",
        "codeowners",
        ".gitmodules",
        "sub/.git/hooks/x",
    ],
)
def test_a_protected_path_is_refused_in_any_letter_case(path: str) -> None:
    assert protecting_pattern(path, (".github/", "CODEOWNERS", ".gitmodules")) is not None


@pytest.mark.parametrize(
    ("path", "pattern", "is_protected"),
    [
        ("ci/a.yml", "ci/*.yml", True),
        ("ci/deep/a.yml", "ci/*.yml", False),
        ("ci/deep/a.yml", "ci/**.yml", True),
        ("src/CODEOWNERS", "CODEOWNERS", False),
        ("CODEOWNERS/x", "CODEOWNERS", True),
        (".github", ".github/", True),
        (".githubby/x", ".github/", False),
        ("a1.lock", "a?.lock", True),
        ("a.b", "a+b", False),
    ],
)
def test_patterns_are_read_as_a_shell_reads_them(path: str, pattern: str, *, is_protected: bool) -> None:
    assert (protecting_pattern(path, (pattern,)) is not None) == is_protected


def test_a_change_to_a_protected_path_is_rejected(project: Project) -> None:
    project.commit_base({"a.py": "x = 1\n"})
    project.write({"a.py": "x = 2\n", ".github/workflows/ci.yml": "on: push\n"})
    assert project.judge().reasons == (
        "protected_paths failed: .github/workflows/ci.yml is protected by '.github/' in protected_paths",
    )


def test_moving_a_protected_file_away_is_rejected(project: Project) -> None:
    project.commit_base({"CODEOWNERS": "* @octo\n" * 10})
    (project.tree / "CODEOWNERS").rename(project.tree / "owners.py")
    assert (
        "protected_paths failed: CODEOWNERS is protected by 'CODEOWNERS' in protected_paths" in project.judge().reasons
    )


@pytest.mark.parametrize(
    ("link", "target", "said"),
    [
        ("ci", ".github/workflows", "ci is a link to the protected .github/workflows"),
        ("out", "../../etc", "out is a link that leaves the repository"),
        ("out", "/etc/passwd", "out is a link that leaves the repository"),
        ("docs", "src", "docs would stand in for a protected folder"),
    ],
)
def test_a_link_around_the_protection_is_rejected(project: Project, link: str, target: str, said: str) -> None:
    project.commit_base({"src/a.py": "x = 1\n"})
    (project.tree / link).symlink_to(target)
    assert f"protected_paths failed: {said}" in project.judge().reasons


def test_a_link_to_a_file_beside_it_is_allowed(project: Project) -> None:
    project.commit_base({"src/a.py": "x = 1\n"})
    (project.tree / "src/b.py").symlink_to("a.py")
    assert row(project.judge(), "protected_paths").result is CheckResult.PASSED


def test_a_submodule_is_rejected(project: Project) -> None:
    project.commit_base({"a.py": "x = 1\n"})
    git(project.tree, "update-index", "--add", "--cacheinfo", f"160000,{project.base_commit},vendored")
    (project.tree / "vendored").mkdir()
    assert "protected_paths failed: vendored is a submodule; a person must change it" in project.judge().reasons


def test_a_file_that_becomes_executable_is_mentioned(project: Project) -> None:
    project.commit_base({"run.py": "x = 1\n"})
    (project.tree / "run.py").chmod(0o755)
    assert row(project.judge(), "protected_paths").summary == "no protected path is touched; 1 file made executable"


def test_too_many_files_are_rejected(project: Project) -> None:
    project.commit_base({"a.py": "x = 1\n"})
    project.write({f"m{number}.py": f"x = {number}\n" for number in range(4)})
    report = project.judge({"built_in": {"diff_size": {"max_files": 3}}})
    assert report.reasons == ("diff_size failed: the change touches 4 files, more than max_files 3; split the issue",)


def test_too_many_lines_are_rejected(project: Project) -> None:
    project.commit_base({"a.py": "x = 1\n"})
    project.write({"a.py": "".join(f"x = {number}\n" for number in range(600))})
    assert project.judge().reasons == (
        "diff_size failed: the change adds and removes 599 lines, more than max_lines 500; split the issue",
    )


def test_lines_that_an_attribute_hides_from_git_are_counted(project: Project) -> None:
    project.commit_base({"a.py": "x = 1\n"})
    text = "".join(f"x = {number}\n" for number in range(600))
    project.write({".gitattributes": "*.py -diff\n", "a.py": text})
    assert project.change().added_lines == 1
    assert row(project.judge(), "diff_size").result is CheckResult.FAILED


def test_a_renamed_file_is_one_file(project: Project) -> None:
    project.commit_base({"a.py": "x = 1\ny = 2\nz = 3\n"})
    (project.tree / "a.py").rename(project.tree / "b.py")
    assert row(project.judge(), "diff_size").summary == "1 file, 0 lines"
