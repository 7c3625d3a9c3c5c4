#!/usr/bin/env bash
# The tutorial's way by hand, as a script: host after host, one ssh or scp per step. The certificates were made before.
#
# Usage: tutorial.sh SSH_CONFIG BINARIES CERTIFICATES "IP IP IP"
#   BINARIES holds etcd and etcdctl; CERTIFICATES holds ca.pem, etcd.pem and etcd-key.pem, one pair for all.
set -euo pipefail

config=$1 binaries=$2 certificates=$3
export NODE_IPS=$4
ssh() { command ssh -F "$config" "$@"; }
scp() { command scp -q -F "$config" "$@"; }

ETCD_NODES=""
index=0
for ip in $NODE_IPS; do
  ETCD_NODES="${ETCD_NODES:+$ETCD_NODES,}etcd-host$index=https://$ip:2380"
  index=$((index + 1))
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

starting=()
index=0
for NODE_IP in $NODE_IPS; do
  NODE_NAME=etcd-host$index
  index=$((index + 1))

  # Binaries.
  ssh "root@$NODE_IP" "mkdir -p /root/local/bin"
  scp "$binaries/etcd" "$binaries/etcdctl" "root@$NODE_IP:/root/local/bin/"
  ssh "root@$NODE_IP" "chmod +x /root/local/bin/*"

  # Certificates.
  ssh "root@$NODE_IP" "mkdir -p /etc/kubernetes/ssl /etc/etcd/ssl"
  scp "$certificates/ca.pem" "root@$NODE_IP:/etc/kubernetes/ssl/"
  scp "$certificates/etcd.pem" "$certificates/etcd-key.pem" "root@$NODE_IP:/etc/etcd/ssl/"

  # The unit.
  ssh "root@$NODE_IP" "mkdir -p /var/lib/etcd"
  cat >"$work/etcd.service" <<UNIT
[Unit]
Description=Etcd Server
After=network.target
After=network-online.target
Wants=network-online.target
Documentation=https://github.com/coreos

[Service]
Type=notify
WorkingDirectory=/var/lib/etcd/
ExecStart=/root/local/bin/etcd \\
  --name=$NODE_NAME \\
  --cert-file=/etc/etcd/ssl/etcd.pem \\
  --key-file=/etc/etcd/ssl/etcd-key.pem \\
  --peer-cert-file=/etc/etcd/ssl/etcd.pem \\
  --peer-key-file=/etc/etcd/ssl/etcd-key.pem \\
  --trusted-ca-file=/etc/kubernetes/ssl/ca.pem \\
  --peer-trusted-ca-file=/etc/kubernetes/ssl/ca.pem \\
  --initial-advertise-peer-urls=https://$NODE_IP:2380 \\
  --listen-peer-urls=https://$NODE_IP:2380 \\
  --listen-client-urls=https://$NODE_IP:2379,http://127.0.0.1:2379 \\
  --advertise-client-urls=https://$NODE_IP:2379 \\
  --initial-cluster-token=etcd-cluster-0 \\
  --initial-cluster=$ETCD_NODES \\
  --initial-cluster-state=new \\
  --data-dir=/var/lib/etcd
Restart=on-failure
RestartSec=5
LimitNOFILE=65536

[Install]
WantedBy=multi-user.target
UNIT
  scp "$work/etcd.service" "root@$NODE_IP:/etc/systemd/system/"

  # Start. The first member hangs until the others join, so it waits in the background.
  ssh "root@$NODE_IP" "systemctl daemon-reload"
  ssh "root@$NODE_IP" "systemctl enable etcd" 2>/dev/null
  ssh "root@$NODE_IP" "systemctl start etcd" &
  starting+=($!)
done
for pid in "${starting[@]}"; do wait "$pid"; done
for ip in $NODE_IPS; do ssh "root@$ip" "systemctl status etcd --no-pager" >/dev/null; done

# Verify, as the tutorial does it.
for ip in $NODE_IPS; do
  ETCDCTL_API=3 "$binaries/etcdctl" --endpoints="https://$ip:2379" --cacert="$certificates/ca.pem" \
    --cert="$certificates/etcd.pem" --key="$certificates/etcd-key.pem" endpoint health
done
