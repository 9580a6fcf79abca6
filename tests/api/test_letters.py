"""Letters of a stored plan: listed, one by one, as an archive."""

from __future__ import annotations

import io
import zipfile

import placing
import pytest


@pytest.fixture
def office(client, store):
    placing.glut(store)
    return client


def test_letters_are_listed_and_come_one_by_one_and_as_an_archive(office):
    import docx

    plan = placing.ask(office)
    listed = office.get(f"/v1/plans/{plan['id']}/letters").json()
    assert {one["department"] for one in listed} == {line["lead"] for line in plan["channels"]}
    assert all(one["department_zh"] for one in listed)
    for one in listed:
        answer = office.get(one["href"])
        assert answer.status_code == 200
        assert answer.headers["content-type"].endswith("wordprocessingml.document")
        assert f"{plan['id']}-{one['department']}.docx" in answer.headers["content-disposition"]
        text = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(answer.content)).paragraphs)
        assert one["department_zh"] in text
        assert "莲花白" in text
    archive = office.get(f"/v1/plans/{plan['id']}/letters.zip")
    assert archive.headers["content-type"] == "application/zip"
    names = zipfile.ZipFile(io.BytesIO(archive.content)).namelist()
    assert sorted(names) == sorted(f"{plan['id']}-{one['department']}.docx" for one in listed)


def test_a_letter_that_is_not_there_is_a_404(office):
    plan = placing.ask(office)["id"]
    missing = office.get(f"/v1/plans/{plan}/letters/nobody.docx")
    assert missing.status_code == 404
    assert "one of" in missing.json()["todo"]
    for path in ("", "/letters", "/letters.zip", "/letters/commerce.docx"):
        assert office.get(f"/v1/plans/plan-none{path}").status_code == 404
    empty = placing.ask(office, alert=None, products=["tomato"])["id"]
    assert office.get(f"/v1/plans/{empty}/letters").json() == []
    assert zipfile.ZipFile(io.BytesIO(office.get(f"/v1/plans/{empty}/letters.zip").content)).namelist() == []
    assert office.get(f"/v1/plans/{empty}/letters/commerce.docx").status_code == 404
