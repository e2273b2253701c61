//! The shape of a compose file, from the specification's JSON schema, as data.

use super::schema::{BOOL, Fields, INT, MAP, NULL, NUMBER, Shape, TEXT};
use Shape::{Any, Each, Either, Fits, IntIn, Is, List, Named, Set, Words};

const S: Shape = Is(TEXT);
const B: Shape = Is(BOOL | TEXT);
const I: Shape = Is(INT | TEXT);
const N: Shape = Is(NUMBER | TEXT);
const SCALAR: Shape = Is(TEXT | NUMBER | BOOL | NULL);
const TEXTS: Shape = List(&S);
const TEXT_SET: Shape = Set(&S);
const TEXT_OR_LIST: Shape = Either(&[&S, &TEXT_SET]);
const LIST_OR_DICT: Shape = Either(&[&Each(&SCALAR), &TEXT_SET]);
const COMMAND: Shape = Either(&[&Is(NULL | TEXT), &TEXTS]);
const OPTIONS: Shape = Each(&N);
const HOSTS: Shape = Either(&[&Each(&Either(&[&S, &TEXTS])), &TEXT_SET]);

/// A mapping with these keys, and `x-` ones.
macro_rules! map {
    ($($key:literal: $shape:expr),* $(,)?) => {
        Shape::Map(&Fields { known: &[$(($key, $shape)),*], required: &[], extensible: true })
    };
    (needs $required:expr; $($key:literal: $shape:expr),* $(,)?) => {
        Shape::Map(&Fields { known: &[$(($key, $shape)),*], required: &$required, extensible: true })
    };
    (closed $required:expr; $($key:literal: $shape:expr),* $(,)?) => {
        Shape::Map(&Fields { known: &[$(($key, $shape)),*], required: &$required, extensible: false })
    };
}

pub(super) static ROOT: Fields = Fields {
    known: &[
        ("version", S),
        ("name", S),
        ("include", List(&INCLUDE)),
        ("services", Named(&Shape::Service, true)),
        ("models", Named(&MODEL, false)),
        ("networks", Named(&Either(&[&Is(NULL), &NETWORK]), false)),
        ("volumes", Named(&Either(&[&Is(NULL), &VOLUME]), true)),
        ("secrets", Named(&SECRET, true)),
        ("configs", Named(&CONFIG, true)),
    ],
    required: &[],
    extensible: true,
};

pub(super) static SERVICE: Fields = Fields {
    known: SERVICE_KEYS,
    required: &[],
    extensible: true,
};

const SERVICE_KEYS: &[(&str, Shape)] = &[
    ("develop", Either(&[&Is(NULL), &DEVELOP])),
    ("deploy", Either(&[&Is(NULL), &DEPLOY])),
    ("annotations", LIST_OR_DICT),
    ("attach", B),
    ("build", Either(&[&S, &BUILD])),
    ("blkio_config", BLKIO),
    ("cap_add", TEXT_SET),
    ("cap_drop", TEXT_SET),
    ("cgroup", Words(&["host", "private"])),
    ("cgroup_parent", S),
    ("command", COMMAND),
    ("configs", MOUNTS),
    ("container_name", Fits(is_container_name)),
    ("cpu_count", IntIn(0, i128::MAX)),
    ("cpu_percent", IntIn(0, 100)),
    ("cpu_shares", N),
    ("cpu_quota", N),
    ("cpu_period", N),
    ("cpu_rt_period", N),
    ("cpu_rt_runtime", N),
    ("cpus", N),
    ("cpuset", S),
    (
        "credential_spec",
        map! {"config": S, "file": S, "registry": S},
    ),
    (
        "depends_on",
        Either(&[&TEXT_SET, &Named(&DEPENDENCY, true)]),
    ),
    ("device_cgroup_rules", TEXT_SET),
    ("devices", List(&Either(&[&S, &DEVICE]))),
    ("dns", TEXT_OR_LIST),
    ("dns_opt", TEXT_SET),
    ("dns_search", TEXT_OR_LIST),
    ("domainname", S),
    ("entrypoint", COMMAND),
    ("env_file", Either(&[&S, &List(&Either(&[&S, &ENV_FILE]))])),
    ("label_file", Either(&[&S, &TEXTS])),
    ("environment", LIST_OR_DICT),
    ("expose", Set(&N)),
    (
        "extends",
        Either(&[&S, &map! {closed ["service"]; "service": S, "file": S}]),
    ),
    ("provider", map! {needs ["type"]; "type": S, "options": Any}),
    ("external_links", TEXT_SET),
    ("extra_hosts", HOSTS),
    ("gpus", Either(&[&Words(&["all"]), &List(&Is(MAP))])),
    ("group_add", Set(&N)),
    ("healthcheck", HEALTHCHECK),
    ("hostname", S),
    ("image", S),
    ("init", B),
    ("ipc", S),
    ("isolation", S),
    ("labels", LIST_OR_DICT),
    ("links", TEXT_SET),
    (
        "logging",
        map! {"driver": S, "options": Each(&Is(TEXT | NUMBER | NULL))},
    ),
    ("mac_address", S),
    ("mem_limit", N),
    ("mem_reservation", I),
    ("mem_swappiness", I),
    ("memswap_limit", N),
    ("network_mode", S),
    (
        "models",
        Either(&[
            &TEXT_SET,
            &Named(&Either(&[&Is(NULL), &SERVICE_MODEL]), false),
        ]),
    ),
    (
        "networks",
        Either(&[
            &TEXT_SET,
            &Named(&Either(&[&Is(NULL), &SERVICE_NETWORK]), true),
        ]),
    ),
    ("oom_kill_disable", B),
    ("oom_score_adj", IntIn(-1000, 1000)),
    ("pid", Is(TEXT | NULL)),
    ("pids_limit", N),
    ("platform", S),
    ("ports", Set(&Either(&[&N, &PORT]))),
    ("pre_start", List(&HOOK)),
    ("post_start", List(&HOOK)),
    ("pre_stop", List(&HOOK)),
    ("privileged", B),
    ("profiles", TEXT_SET),
    ("pull_policy", Fits(is_pull_policy)),
    ("pull_refresh_after", S),
    ("read_only", B),
    ("restart", S),
    ("runtime", S),
    ("scale", I),
    ("security_opt", TEXT_SET),
    ("shm_size", N),
    ("secrets", MOUNTS),
    ("sysctls", LIST_OR_DICT),
    ("stdin_open", B),
    ("stop_grace_period", S),
    ("stop_signal", S),
    ("storage_opt", Is(MAP)),
    ("tmpfs", TEXT_OR_LIST),
    ("tty", B),
    ("ulimits", ULIMITS),
    ("use_api_socket", Is(BOOL)),
    ("user", S),
    ("uts", S),
    ("userns_mode", S),
    ("volumes", Set(&Either(&[&S, &MOUNT]))),
    ("volumes_from", TEXT_SET),
    ("working_dir", S),
];

const INCLUDE: Shape = Either(&[
    &S,
    &map! {closed []; "path": TEXT_OR_LIST, "env_file": TEXT_OR_LIST, "project_directory": S},
]);
const BUILD: Shape = map! {
    "context": S, "dockerfile": S, "dockerfile_inline": S, "entitlements": TEXTS, "args": LIST_OR_DICT,
    "ssh": LIST_OR_DICT, "labels": LIST_OR_DICT, "cache_from": TEXTS, "cache_to": TEXTS, "no_cache": B,
    "no_cache_filter": TEXT_OR_LIST, "additional_contexts": LIST_OR_DICT, "network": S, "provenance": B, "sbom": B,
    "pull": B, "target": S, "shm_size": I, "extra_hosts": HOSTS, "isolation": S, "privileged": B, "secrets": MOUNTS,
    "tags": TEXTS, "ulimits": ULIMITS, "platforms": TEXTS,
};
const LIMITS: Shape = List(&map! {closed []; "path": S, "rate": I});
const BLKIO: Shape = map! {closed [];
    "device_read_bps": LIMITS, "device_read_iops": LIMITS, "device_write_bps": LIMITS, "device_write_iops": LIMITS,
    "weight": I, "weight_device": List(&map! {closed []; "path": S, "weight": I}),
};
const DEPENDENCY: Shape = map! {needs ["condition"];
    "restart": B, "required": Is(BOOL),
    "condition": Words(&["service_started", "service_healthy", "service_completed_successfully"]),
};
const DEVICE: Shape = map! {needs ["source"]; "source": S, "target": S, "permissions": S};
const ENV_FILE: Shape = map! {closed ["path"]; "path": S, "format": S, "required": B};
const HEALTHCHECK: Shape = map! {
    "disable": B, "interval": S, "retries": N, "test": Either(&[&S, &TEXTS]), "timeout": S, "start_period": S,
    "start_interval": S,
};
const SERVICE_MODEL: Shape = map! {"endpoint_var": S, "model_var": S};
const SERVICE_NETWORK: Shape = map! {
    "aliases": TEXT_SET, "interface_name": S, "ipv4_address": S, "ipv6_address": S, "link_local_ips": TEXT_SET,
    "mac_address": S, "driver_opts": OPTIONS, "priority": Is(NUMBER), "gw_priority": Is(NUMBER),
};
const PORT: Shape = map! {
    "name": S, "mode": S, "host_ip": S, "target": I, "published": I, "protocol": S, "app_protocol": S,
};
const HOOK: Shape = map! {
    "command": COMMAND, "image": S, "user": S, "privileged": B, "working_dir": S, "environment": LIST_OR_DICT,
    "per_replica": B,
};
const MOUNT: Shape = map! {needs ["type"];
    "type": Words(&["bind", "volume", "tmpfs", "cluster", "npipe", "image"]), "source": S, "target": S, "read_only": B,
    "consistency": S,
    "bind": map! {
        "propagation": S, "create_host_path": B, "selinux": Words(&["z", "Z"]),
        "recursive": Words(&["enabled", "disabled", "writable", "readonly"]),
    },
    "volume": map! {"labels": LIST_OR_DICT, "nocopy": B, "subpath": S},
    "tmpfs": map! {"size": IntIn(0, i128::MAX), "mode": N},
    "image": map! {"subpath": S},
};
const MOUNTS: Shape = List(&Either(&[
    &S,
    &map! {"source": S, "target": S, "uid": S, "gid": S, "mode": N},
]));
const ULIMITS: Shape = Each(&Either(&[
    &I,
    &map! {needs ["soft", "hard"]; "hard": I, "soft": I},
]));
const DEVELOP: Shape = map! {"watch": List(&map! {needs ["path", "action"];
    "ignore": TEXT_OR_LIST, "include": TEXT_OR_LIST, "path": S, "target": S, "exec": HOOK, "initial_sync": Is(BOOL),
    "action": Words(&["rebuild", "sync", "restart", "sync+restart", "sync+exec"]),
})};
const UPDATE: Shape = map! {
    "parallelism": I, "delay": S, "failure_action": S, "monitor": S, "max_failure_ratio": N,
    "order": Words(&["start-first", "stop-first"]),
};
const DEPLOY: Shape = map! {
    "mode": S, "endpoint_mode": S, "replicas": I, "labels": LIST_OR_DICT, "rollback_config": UPDATE,
    "update_config": UPDATE,
    "resources": map! {
        "limits": map! {"cpus": N, "memory": S, "pids": I},
        "reservations": map! {"cpus": N, "memory": S, "generic_resources": Any, "devices": List(&Is(MAP))},
    },
    "restart_policy": map! {"condition": S, "delay": S, "max_attempts": I, "window": S},
    "placement": map! {
        "constraints": TEXTS, "preferences": List(&map! {"spread": S}), "max_replicas_per_node": I,
    },
};
const EXTERNAL: Shape = Either(&[&B, &map! {"name": S}]);
const NETWORK: Shape = map! {
    "name": S, "driver": S, "driver_opts": OPTIONS, "external": EXTERNAL, "internal": B, "enable_ipv4": B,
    "enable_ipv6": B, "attachable": B, "labels": LIST_OR_DICT,
    "ipam": map! {
        "driver": S, "options": Each(&S),
        "config": List(&map! {"subnet": S, "ip_range": S, "gateway": S, "aux_addresses": Each(&S)}),
    },
};
const VOLUME: Shape = map! {"name": S, "driver": S, "driver_opts": OPTIONS, "external": EXTERNAL, "labels": LIST_OR_DICT};
const SECRET: Shape = map! {
    "name": S, "environment": S, "file": S, "external": EXTERNAL, "labels": LIST_OR_DICT, "driver": S,
    "driver_opts": OPTIONS, "template_driver": S,
};
const CONFIG: Shape = map! {
    "name": S, "content": S, "environment": S, "file": S, "external": EXTERNAL, "labels": LIST_OR_DICT,
    "template_driver": S,
};
const MODEL: Shape = map! {needs ["model"];
    "name": S, "model": S, "context_size": Is(INT), "runtime_flags": TEXTS,
};

/// Somewhere in it, two characters that a container name may hold.
fn is_container_name(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| {
        matches!(pair, [first, second] if first.is_ascii_alphanumeric()
            && (second.is_ascii_alphanumeric() || matches!(second, b'_' | b'.' | b'-')))
    })
}

fn is_pull_policy(text: &str) -> bool {
    let words = [
        "always",
        "never",
        "build",
        "if_not_present",
        "missing",
        "refresh",
        "daily",
        "weekly",
        "every_",
    ];
    words.iter().any(|word| text.contains(word))
}
