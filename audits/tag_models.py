"""The tags of an audit as rows, so that they can be counted over many: good practice and learning (S1-42, S2-20)."""

from django.db import models


class TaggedAs(models.Model):
    """One tag that its auditor ticked; kept in step with the answer."""

    audit = models.ForeignKey("audits.Audit", on_delete=models.PROTECT, related_name="tagged_as")
    tag = models.ForeignKey("programmes.Tag", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "tag"], name="tagged_once")]

    def __str__(self) -> str:
        return f"{self.audit}: {self.tag}"
