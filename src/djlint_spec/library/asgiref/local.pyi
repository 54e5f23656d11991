from asgiref.sync import Local as Local
