"""The killable worker: jobs that hang, crash or eat memory end, and the next one runs."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest
import pytest_asyncio

from tests.reading import jobs
from watchers.errors import WorkerKilled
from watchers.reading.worker import Worker

PROJECT = Path(__file__).resolve().parents[2]


@pytest_asyncio.fixture
async def worker() -> AsyncIterator[Worker]:
    async with aclosing(Worker(processes=1)) as one:
        yield one


def is_running(pid: int) -> bool:
    """Whether a process exists and is no zombie that waits to be reaped."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


async def is_gone(pid: int) -> bool:
    """Wait until a process has ended, at most ten seconds."""
    for _ in range(500):
        if not is_running(pid):
            return True
        await asyncio.sleep(0.02)
    return False


async def test_a_job_returns_its_result(worker: Worker) -> None:
    assert await worker.run(jobs.add, 2, 3, seconds=5) == 5


async def test_the_process_is_kept_for_the_next_job(worker: Worker) -> None:
    assert await worker.run(jobs.my_pid, seconds=5) == await worker.run(jobs.my_pid, seconds=5)


async def test_jobs_run_side_by_side_up_to_the_number_of_processes() -> None:
    async with aclosing(Worker(processes=2)) as two:
        pids = await asyncio.gather(*(two.run(jobs.my_pid, seconds=5) for _ in range(6)))
    assert 1 <= len(set(pids)) <= 2


async def test_a_job_past_its_deadline_is_killed_and_the_next_one_runs(worker: Worker) -> None:
    with pytest.raises(WorkerKilled, match=r"longer than 0\.3 s"):
        await worker.run(jobs.sleep, 60.0, seconds=0.1)
    assert await worker.run(jobs.add, 1, 1, seconds=5) == 2


async def test_a_job_that_never_yields_to_the_interpreter_is_killed(worker: Worker) -> None:
    with pytest.raises(WorkerKilled, match="longer than"):
        await worker.run(jobs.hold_the_interpreter, seconds=0.1)


async def test_a_spinning_job_is_killed(worker: Worker) -> None:
    with pytest.raises(WorkerKilled):
        await worker.run(jobs.spin, seconds=0.2)


async def test_waiting_for_a_free_process_is_not_counted_against_the_deadline(worker: Worker) -> None:
    results = await asyncio.gather(*(worker.run(jobs.sleep, 0.4, seconds=1.5) for _ in range(5)))
    assert results == ["slept"] * 5


async def test_importing_what_the_job_needs_is_not_counted_against_the_deadline(worker: Worker) -> None:
    await worker.run(jobs.take, jobs.SlowToRead(), seconds=0.5)


async def test_a_job_that_needs_too_much_memory_is_given_up(worker: Worker) -> None:
    with pytest.raises(WorkerKilled, match="memory"):
        await worker.run(jobs.eat_memory, seconds=10)
    assert await worker.run(jobs.add, 1, 1, seconds=5) == 2


async def test_a_job_that_nests_too_deeply_is_given_up(worker: Worker) -> None:
    with pytest.raises(WorkerKilled, match="nested"):
        await worker.run(jobs.nest, 0, seconds=5)


async def test_a_job_that_crashes_its_process_is_given_up(worker: Worker) -> None:
    with pytest.raises(WorkerKilled, match="SIGSEGV"):
        await worker.run(jobs.crash, seconds=5)
    assert await worker.run(jobs.add, 1, 1, seconds=5) == 2


async def test_a_job_that_leaves_is_given_up(worker: Worker) -> None:
    with pytest.raises(WorkerKilled, match="exit code 3"):
        await worker.run(jobs.leave, seconds=5)


async def test_a_process_that_died_while_idle_costs_no_job(worker: Worker) -> None:
    pid = await worker.run(jobs.my_pid, seconds=5)
    os.kill(pid, signal.SIGKILL)
    for _ in range(500):  # until the loop has learnt of it
        if not worker._idle[0].reusable:
            break
        await asyncio.sleep(0.01)
    assert await worker.run(jobs.add, 1, 1, seconds=5) == 2


async def test_a_bug_in_the_job_is_raised_with_where_it_happened(worker: Worker) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        await worker.run(jobs.divide, 1, 0, seconds=5)
    assert "in divide" in caught.value.__notes__[0]


async def test_an_exception_that_does_not_pickle_arrives_as_its_text(worker: Worker) -> None:
    with pytest.raises(RuntimeError, match="it can't be read back"):
        await worker.run(jobs.raise_unpicklable, seconds=5)


async def test_a_result_that_does_not_pickle_is_a_bug_that_is_raised(worker: Worker) -> None:
    with pytest.raises((AttributeError, TypeError, RuntimeError), match="pickle"):
        await worker.run(jobs.return_unpicklable, seconds=5)


async def test_a_job_that_the_worker_cannot_read_is_a_bug_that_is_raised(worker: Worker) -> None:
    with pytest.raises(jobs.CannotBeReadError):
        await worker.run(jobs.take, jobs.UnreadableArgument(), seconds=5)
    assert await worker.run(jobs.add, 1, 1, seconds=5) == 2


async def test_what_a_library_prints_does_not_disturb_the_replies(worker: Worker) -> None:
    assert await worker.run(jobs.chatter, seconds=5) == "end"
    assert await worker.run(jobs.add, 1, 1, seconds=5) == 2


async def test_a_cancelled_caller_takes_its_process_with_it(worker: Worker) -> None:
    pid = await worker.run(jobs.my_pid, seconds=5)
    task = asyncio.create_task(worker.run(jobs.sleep, 60.0, seconds=120))
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await is_gone(pid)
    assert await worker.run(jobs.add, 1, 1, seconds=5) == 2


async def test_closing_leaves_no_process() -> None:
    worker = Worker(processes=2)
    pids = await asyncio.gather(*(worker.run(jobs.my_pid, seconds=5) for _ in range(2)))
    await worker.aclose()
    assert all([await is_gone(pid) for pid in pids])


async def test_signals_for_the_whole_group_leave_the_worker_to_its_parent(worker: Worker) -> None:
    pid = await worker.run(jobs.my_pid, seconds=5)
    os.kill(pid, signal.SIGINT)
    os.kill(pid, signal.SIGTERM)
    assert await worker.run(jobs.my_pid, seconds=5) == pid


async def test_the_process_ends_by_itself_when_the_parent_is_killed() -> None:
    program = (
        "import asyncio\n"
        "from tests.reading import jobs\n"
        "from watchers.reading.worker import Worker\n"
        "async def main():\n"
        "    worker = Worker(processes=1)\n"
        "    print(await worker.run(jobs.my_pid, seconds=5), flush=True)\n"
        "    await asyncio.sleep(600)\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=PIPE, cwd=PROJECT)
    assert parent.stdout is not None
    pid = int(await parent.stdout.readline())
    parent.kill()
    await parent.communicate()
    assert await is_gone(pid)


async def test_long_jobs_keep_no_quick_one_waiting(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watchers.reading.worker.QUICK_SECONDS", 0.05)
    long = [asyncio.create_task(worker.run(jobs.spin, seconds=60)) for _ in range(3)]
    assert await worker.run(jobs.add, 1, 1, seconds=60) == 2
    assert not any(job.done() for job in long)
    for job in long:
        job.cancel()
    await asyncio.gather(*long, return_exceptions=True)


async def test_a_long_job_is_done_all_the_same(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watchers.reading.worker.QUICK_SECONDS", 0.05)
    assert await worker.run(jobs.work, 0.2, seconds=60) == "worked"


async def test_a_job_that_only_waits_for_the_machine_is_not_a_long_one(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watchers.reading.worker.QUICK_SECONDS", 0.05)
    monkeypatch.setattr("watchers.reading.worker.MOST_LONG", 0)
    assert await worker.run(jobs.sleep, 0.3, seconds=60) == "slept"


async def test_pages_keep_no_poll_waiting(worker: Worker) -> None:
    pages = [asyncio.create_task(worker.run(jobs.sleep, 60.0, seconds=60, errand="page")) for _ in range(3)]
    assert await worker.run(jobs.add, 1, 1, seconds=60) == 2
    for page in pages:
        page.cancel()
    await asyncio.gather(*pages, return_exceptions=True)


async def test_of_too_many_long_jobs_some_are_given_up_at_once(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watchers.reading.worker.QUICK_SECONDS", 0.05)
    monkeypatch.setattr("watchers.reading.worker.MOST_LONG", 1)
    work = [asyncio.create_task(worker.run(jobs.spin, seconds=60)) for _ in range(2)]
    (given_up,), (other,) = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
    assert isinstance(given_up.exception(), WorkerKilled)
    other.cancel()
    await asyncio.gather(other, return_exceptions=True)
