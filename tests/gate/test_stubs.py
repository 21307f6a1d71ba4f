"""Work that is only pretended is refused when it is new."""

import pytest

from processor.model import CheckResult
from tests.gate.conftest import Project, row

_WORKS = "def f(a):\n    return a + 1\n"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.py", "def cache(query):\n    pass\n", "cache does nothing (a.py line 1)"),
        ("a.py", "async def cache(query):\n    '''Cache it.'''\n    ...\n", "cache does nothing (a.py line 1)"),
        ("a.py", "class Feature83:\n    def run(self):\n        pass\n", "Feature83.run does nothing (a.py line 2)"),
        ("a.py", "class A(B):\n    def run(self):\n        pass\n", "A.run does nothing (a.py line 2)"),
        (
            "a.py",
            "def cache(query):\n    raise NotImplementedError('later')\n",
            "cache only raises NotImplementedError (a.py line 1)",
        ),
        (
            "a.py",
            "def cache(query):\n    # a dummy value for now\n    return {}\n",
            "cache returns a made-up value and says so (a.py line 1)",
        ),
        (
            "a.py",
            f"{_WORKS}# TODO: implement the cache\n",
            "placeholder comment: TODO: implement the cache (a.py line 3)",
        ),
        ("a.py", f"{_WORKS}    # モック実装\n", "placeholder comment: モック実装 (a.py line 3)"),
        (
            "test_a.py",
            "def test_cache():\n    assert True\n",
            "test_cache is a test that only asserts what is always true (test_a.py line 1)",
        ),
        ("test_a.py", "def test_cache():\n    pass\n", "test_cache is a test without a statement (test_a.py line 1)"),
        (
            "a.py",
            "class T(unittest.TestCase):\n    def test_x(self):\n        self.assertTrue(True)\n",
            "T.test_x is a test that only asserts what is always true (a.py line 2)",
        ),
        (
            "test_a.py",
            "def test_x():\n    run()\n    assert 1 == 1\n",
            "test_x is a test that only asserts what is always true (test_a.py line 1)",
        ),
        (
            "test_a.py",
            "@pytest.mark.skip(reason='flaky')\ndef test_x():\n    assert run() == 3\n",
            "test_x is a test that is switched off (test_a.py line 2)",
        ),
        (
            "a.js",
            "function f() {\n  // TODO: implement caching\n}\n",
            "placeholder: TODO: implement caching (a.js line 2)",
        ),
        (
            "a.ts",
            "f() { throw new Error('Not implemented'); }\n",
            "placeholder: f() { throw new Error('Not implemented'); } (a.ts line 1)",
        ),
        ("a.rs", "fn f() -> u8 { todo!() }\n", "placeholder: fn f() -> u8 { todo!() } (a.rs line 1)"),
        (
            "a.test.js",
            "it('works', () => { expect(true).toBe(true) })\n",
            "placeholder: it('works', () => { expect(true).toBe(true) }) (a.test.js line 1)",
        ),
    ],
)
def test_a_new_stub_is_rejected(project: Project, name: str, content: str, said: str) -> None:
    project.commit_base({"b.py": _WORKS})
    project.write({name: content})
    assert project.judge().reasons == (f"stubs failed: {said}",)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.py", "class P(Protocol):\n    def run(self) -> int: ...\n"),
        ("a.py", "class P(Protocol[T]):\n    def run(self) -> T: ...\n"),
        ("a.py", "class A(ABC):\n    @abstractmethod\n    def run(self):\n        raise NotImplementedError\n"),
        ("a.py", "@overload\ndef f(a: int) -> int: ...\ndef f(a):\n    return a\n"),
        ("a.py", "@click.group()\ndef cli():\n    '''Do things.'''\n"),
        ("a.py", "class A(Handler):\n    def log(self):\n        '''Say nothing, the caller logs.'''\n"),
        ("a.py", "class A:\n    def __init__(self):\n        pass\n"),
        ("a.py", "def noop(*_):\n    pass\n"),
        ("a.py", "class E(Exception):\n    pass\n"),
        ("a.py", "WORDS = ['TODO: implement', 'not implemented']\n"),
        ("a.py", "def f():\n    # cheap on purpose\n    return 3\n"),
        ("a.py", "try:\n    run()\nexcept OSError:\n    pass\n"),
        ("a.pyi", "def f() -> int: ...\n"),
        (
            "test_a.py",
            "class Fake:\n    def close(self):\n        pass\n\ndef test_x():\n    assert run(Fake()) == 3\n",
        ),
        ("test_a.py", "def test_x():\n    with pytest.raises(ValueError):\n        run()\n"),
        ("test_a.py", "@pytest.mark.skipif(WINDOWS, reason='posix')\ndef test_x():\n    assert run() == 3\n"),
        ("test_a.py", "def test_x():\n    assert f(1) == f(1)\n"),
        ("a.js", "const s = 'implement';\nlet todo = 1; // the list of todos\n"),
    ],
)
def test_what_is_empty_on_purpose_is_let_through(project: Project, name: str, content: str) -> None:
    project.commit_base({"b.py": _WORKS})
    project.write({name: content})
    assert row(project.judge(), "stubs").result is CheckResult.PASSED


def test_a_stub_that_was_there_may_stay_wherever_it_moves_to(project: Project) -> None:
    project.commit_base({"a.py": "def later():\n    pass\n"})
    project.write({"a.py": f"{_WORKS}\n\ndef later():\n    pass\n"})
    report = project.judge()
    assert row(report, "stubs").summary == "no new stub or empty test; 1 on the base commit already"
    assert report.passed


def test_stubs_are_found_in_python_that_cannot_be_parsed(project: Project) -> None:
    project.commit_base({"a.py": "print 'x'\n"})
    project.write({"a.py": "print 'x'\n# TODO: implement the cache\n"})
    assert row(project.judge(), "stubs").result is CheckResult.FAILED


def test_a_change_without_source_has_no_stubs(project: Project) -> None:
    project.commit_base({"a.toml": "a = 1\n"})
    project.write({"a.toml": "a = 2 # TODO: implement\n"})
    assert row(project.judge(), "stubs").result is CheckResult.NOT_APPLICABLE
