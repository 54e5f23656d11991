from treebeard.models import InvalidPosition as InvalidPosition
from treebeard.models import MissingNodeOrderBy as MissingNodeOrderBy
from treebeard.mp_tree import InvalidMoveToDescendant as InvalidMoveToDescendant
from treebeard.mp_tree import NodeAlreadySaved as NodeAlreadySaved
from treebeard.mp_tree import PathOverflow as PathOverflow
