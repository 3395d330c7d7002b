"""A serving process that loaded with the collector at rest has it at work again."""

import gc

from chassis.serving import settle


def test_settling_wakes_the_collector() -> None:
    gc.disable()
    try:
        settle()

        assert gc.isenabled()
    finally:
        gc.enable()
