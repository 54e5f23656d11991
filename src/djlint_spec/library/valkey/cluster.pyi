from valkey import ValkeyCluster as ValkeyCluster
