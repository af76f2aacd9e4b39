"""`python -m tests.soak.two_desks --examples N --steps N`: asks at random for what another desk has, and longer so."""

import argparse

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.bot.chat.test_two_desks import TwoDesks


def main() -> None:
    """Run them; what did not hold ends it with what was asked before."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak.two_desks", description=__doc__)
    parser.add_argument("--examples", type=int, default=100, help="how often the two desks are opened")
    parser.add_argument("--steps", type=int, default=60, help="that are asked of them, at most")
    asked = parser.parse_args()
    longer = settings(
        max_examples=asked.examples,
        stateful_step_count=asked.steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        print_blob=True,
    )
    run_state_machine_as_test(TwoDesks, settings=longer)


if __name__ == "__main__":
    main()
