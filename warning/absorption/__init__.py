"""Where a surplus can go: channels that suit, and the plan that places tonnes by unit, township and day.

Where do I go to…
- which channels suit a product on a day, and why the others do not: `channels.py`
- change what counts as surplus: `surplus.py`; what a plan is made from: `problem.py`, its units: `units.py`
- see who may take what, when, how far: `arcs.py`; why not: `refusals.py`; open days and school terms: `open_days.py`,
  `school_terms.py`; roads: `distance.py`
- change what the programme says: `programme.py`; its two stages: `solving.py`, `relaxing.py`; how large ones are made
  small: `sifting.py`, `pricing.py`, `crowding.py`; the solver itself: `solver.py`; by hand instead: `greedy.py`
- read the answer: `plan.py`, `unplaced.py`, `enlarging.py`, `tasks.py`, and as plain values `document.py`
- ask what if: `shocks.py`, by name `shock_names.py`; what is refused or noted: `sanity.py`, `sanity_lines.py`
- what a response did: `effect.py`
"""
