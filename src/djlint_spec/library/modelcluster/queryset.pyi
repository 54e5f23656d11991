from modelcluster.fields import FakeQuerySet as FakeQuerySet
