from channels.testing import HttpCommunicator as HttpCommunicator
