"""One client serves several threads at once, and each gets its own answers."""

from concurrent.futures import ThreadPoolExecutor

from processor.model import IssueRef

NAME = "octo/hello"


def test_each_thread_gets_the_answer_to_its_own_question(client, forge):
    for number in range(2, 21):
        forge.open_issue(NAME, f"issue {number}")
    refs = [IssueRef(NAME, 2 + index % 19) for index in range(190)]
    with ThreadPoolExecutor(12) as pool:
        titles = list(pool.map(lambda ref: client.get_issue(ref).title, refs))
    assert titles == [f"issue {ref.number}" for ref in refs]


def test_writes_from_several_threads_all_arrive_once(client, forge, ref):
    bodies = [f"comment {number}" for number in range(30)]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda body: client.create_comment(ref, body), bodies))
    assert [comment.body for comment in made] == bodies
    assert sorted(comment.body for comment in forge.comments(NAME, 1)) == sorted(bodies)
