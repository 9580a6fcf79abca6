"""Everything that the description permits, thrown at the service: no 5xx, nothing undescribed."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import positive_data_acceptance

from api.app import create_app
from warning.store.settings import Settings

EXAMPLES = 25


@pytest.mark.soak
def test_every_operation_keeps_its_description(store):
    app = create_app(Settings(home=store.home))
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 25
    faults = []
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                _throw(operation, mode)
            except Unsatisfiable:
                continue  # an operation without parameters has no faulty form
            except FailureGroup as error:
                faults.append(f"{operation.method.upper()} {operation.path}: {error.exceptions}")
    assert not faults, "\n\n".join(faults)


def _throw(operation, mode):
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def every(case):
        # that a name means nothing is said by a 422, which no description of a string can foresee
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    every()
