from django.core.exceptions import ValidationError as ValidationError
from django.db.models import Max as Max
from django.db.models import Model as Model
from django.db.models import PositiveIntegerField as PositiveIntegerField
from tree_queries.fields import TreeNodeForeignKey as TreeNodeForeignKey
from tree_queries.query import TreeManager as TreeManager
from tree_queries.query import TreeQuerySet as TreeQuerySet

class TreeNode(Model):
    parent = TreeNodeForeignKey('self', null=True, related_name='children', blank=True)
    objects = TreeManager()
    class Meta:
        abstract = True
    def ancestors(self, *args, **kwargs): ...
    def descendants(self, *args, **kwargs): ...
    def clean(self, *args, **kwargs): ...
class OrderableTreeNode(TreeNode):
    position = PositiveIntegerField(db_index=True)
    class Meta:
        abstract = True
        ordering = ['position']
    def save(self, *args, **kwargs): ...
