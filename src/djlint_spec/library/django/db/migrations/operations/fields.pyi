from django.db.migrations import AddField as AddField
from django.db.migrations import RemoveField as RemoveField
from django.db.migrations import AlterField as AlterField
from django.db.migrations import RenameField as RenameField
