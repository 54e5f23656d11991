from django.test import LiveServerTestCase as LiveServerTestCase
from django.test import SimpleTestCase as SimpleTestCase
from django.test import TestCase as TestCase
from django.test import TransactionTestCase as TransactionTestCase
