from taggit.managers import TagField as TagField
