"""
Benchmarks: how fast the product is on the machine at hand, each figure beside a yardstick of the same run.

Nothing here judges, except for coarse ratios that no noise explains; `python -m benchmarks --help` lists what there is.
"""
