"""`python -m bench [B3 ...]`: run all benchmarks, or those named."""

import sys
from importlib import import_module

BENCHMARKS = {
    "B1": "bench.b01_import",
    "B2": "bench.b02_registration",
    "B3": "bench.b03_relay",
    "B4": "bench.b04_old_snapshot",
    "B6": "bench.b06_lag",
    "B7": "bench.b07_end_to_end",
    "B8": "bench.b08_rebuild",
    "B10": "bench.b10_read",
    "B11": "bench.b11_household_page",
    "B14": "bench.b14_scale",
}


def main(names: list[str]) -> int:
    """Run the benchmarks in order; each prints its ratio last."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"There is no benchmark {unknown[0]}; there are {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    for name in names or BENCHMARKS:
        import_module(BENCHMARKS[name]).main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
