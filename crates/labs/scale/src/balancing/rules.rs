//! The rules of load balancing, with their places in the literature.

use sim::{Rule, Rules, Text, t};

use super::LoadBalancing;

impl Rules for LoadBalancing {
    /// All rules: first those that can be switched off, then those that are only cited.
    fn rules() -> Vec<Rule> {
        vec![
            switch(
                "skip_down",
                t!("A server that is marked down or ejected gets no requests"),
                "HAProxy Configuration Manual, “check”: a server is considered available only if its health checks succeed",
                "marked-down",
            ),
            switch(
                "readmit",
                t!("A server that passes enough checks in a row is up again"),
                "HAProxy Configuration Manual, “rise”; Envoy, “healthy_threshold”",
                "left-out",
            ),
            switch(
                "first_answer",
                t!("The first answer ends a request; what comes later does not count"),
                "Dean and Barroso 2013, “Hedged requests”: the client uses the first response that it receives",
                "answered-once",
            ),
            switch(
                "give_up",
                t!("A request that waits for too long is given up"),
                "Envoy, route timeouts; HAProxy Configuration Manual, “timeout server”",
                "all-end",
            ),
            switch(
                "bounded",
                t!("A queue that is full refuses what comes"),
                "Kleinrock 1975, section 3.6: the queue with finite storage; HAProxy Configuration Manual, “maxqueue”",
                "queue-bound",
            ),
            cited(
                "open_loop",
                t!("Clients send requests at their own pace"),
                "Kleinrock 1975, section 2.4: the Poisson process",
            ),
            cited("retry", t!("A request that failed is sent once more"), "Envoy, “x-envoy-max-retries”"),
            cited("fifo", t!("First come, first served"), "Kleinrock 1975, section 3.5: the queue with m servers"),
            cited(
                "server_timeout",
                t!("The balancer waits only so long for a server"),
                "HAProxy Configuration Manual, “timeout server”",
            ),
            cited(
                "round-robin",
                t!("One server after the other"),
                "HAProxy Configuration Manual, “balance roundrobin”",
            ),
            cited("random", t!("A server drawn by lot"), "HAProxy Configuration Manual, “balance random”"),
            cited(
                "least-connections",
                t!("The server that has fewest requests open"),
                "HAProxy Configuration Manual, “balance leastconn”; nginx, “least_conn”",
            ),
            cited(
                "random-choices",
                t!("The one of a few servers drawn by lot that has fewest requests open"),
                "Mitzenmacher 2001, section 1: the supermarket model",
            ),
            cited(
                "weighted",
                t!("Turns in proportion to the weights, spread evenly"),
                "nginx, “weight”: smooth weighted round robin (ngx_http_upstream_round_robin.c)",
            ),
            cited(
                "hash",
                t!("Each client has its server, and moves only if that is down"),
                "Thaler and Ravishankar 1998: highest random weight",
            ),
            cited(
                "layer_4",
                t!("A connection is balanced once, and all its requests go the same way"),
                "HAProxy Configuration Manual, “mode tcp”",
            ),
            cited(
                "active_checks",
                t!("Each server is asked again and again whether it is well"),
                "HAProxy Configuration Manual, “inter”, “fall” and “rise”",
            ),
            cited(
                "passive_checks",
                t!("A server with several errors in a row is ejected for a while"),
                "Envoy, outlier detection, “consecutive_5xx”; nginx, “max_fails” and “fail_timeout”",
            ),
            cited(
                "slow_start",
                t!("A server that is up again gets a share that grows with time"),
                "Envoy, slow start mode; HAProxy Configuration Manual, “slowstart”",
            ),
        ]
    }
}

fn switch(name: &'static str, title: Text, source: &'static str, broken_check: &'static str) -> Rule {
    Rule::switch(name, title, source, broken_check)
}

fn cited(name: &'static str, title: Text, source: &'static str) -> Rule {
    Rule::cited(name, title, source)
}
