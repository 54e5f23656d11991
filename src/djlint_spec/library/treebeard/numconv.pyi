from treebeard.mp_tree import NumConv as NumConv
