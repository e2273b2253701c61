//! `ports:` and `expose:` of a service, short and long.

use crate::format::written::bounded;
use crate::model::schema::{Kind, compose_port};
use crate::model::{Fact, Span, Value};
use crate::syntax::{Entry, Node};
use crate::value::port::Port;
use crate::value::{engine, port};

use super::scalar::Scalar;
use super::service::Service;
use super::{Reader, child, is_reset};

const CODE: &str = "port-syntax";

impl Reader<'_> {
    pub(super) fn ports(&mut self, service: &Service, entry: &Entry) {
        if !entry.value.is_seq() {
            if !entry.value.is_null() {
                self.problem(CODE, entry.value.span, "`ports` must be a list");
            }
            return;
        }
        for item in entry.value.items().iter().filter(|item| !is_reset(item)) {
            if item.is_map() {
                self.long_port(service, entry.key.span, item);
            } else {
                self.short_port(service, entry.key.span, item, true);
            }
        }
    }

    pub(super) fn expose(&mut self, service: &Service, entry: &Entry) {
        for item in entry.value.items().iter().filter(|item| !is_reset(item)) {
            self.short_port(service, entry.key.span, item, false);
        }
    }

    fn short_port(&mut self, service: &Service, key: Span, item: &Node, published: bool) {
        let Some(scalar) = Scalar::of(self.input, item) else {
            return self.problem(
                CODE,
                item.span,
                "a port must be a text, a number or a mapping with `target`",
            );
        };
        match port::short(scalar.text) {
            Ok(port) => self.port(service, key, scalar.span, &port, "value", published),
            Err(wrong) => return self.problem(CODE, scalar.span, wrong),
        }
        let Some(text) = scalar.filled() else {
            return;
        };
        match port::short(&text) {
            Ok(port) => self.port(
                service,
                key,
                scalar.fallback_span(),
                &port,
                "fallback",
                published,
            ),
            Err(wrong) => self.problem(CODE, scalar.span, wrong),
        }
    }

    fn long_port(&mut self, service: &Service, key: Span, item: &Node) {
        let mut written = Port {
            protocol: "tcp",
            ..Port::default()
        };
        let mut filled = written.clone();
        let mut guarded = false;
        for name in ["target", "published", "host_ip", "protocol"] {
            let Some(scalar) =
                child(item, name).and_then(|entry| Scalar::of(self.input, &entry.value))
            else {
                continue;
            };
            let fallback = scalar.filled();
            guarded |= fallback.is_some();
            let text = scalar.value();
            if !set(&mut written, name, &text)
                || !set(&mut filled, name, fallback.as_deref().unwrap_or(&text))
            {
                self.problem(
                    CODE,
                    scalar.span,
                    "`target` and `published` are numbers, `protocol` is tcp, udp or sctp",
                );
            }
        }
        if child(item, "target").is_none() {
            self.problem(CODE, item.span, "the long form of a port needs `target`");
        }
        let place = child(item, "published").and_then(|entry| Scalar::of(self.input, &entry.value));
        let span = place.as_ref().map_or(item.span, |scalar| scalar.span);
        self.port(service, key, span, &written, "value", true);
        if guarded {
            let span = place.map_or(item.span, |scalar| scalar.fallback_span());
            self.port(service, key, span, &filled, "fallback", true);
        }
    }

    fn port(
        &mut self,
        service: &Service,
        key: Span,
        span: Span,
        port: &Port,
        origin: &'static str,
        published: bool,
    ) {
        let number = |pair: Option<(u16, u16)>| pair.map(|(first, _)| i64::from(first));
        let last = port.host.map(|(_, last)| i64::from(last));
        let container = number(port.container);
        let behind = service
            .image_engine
            .or_else(|| container.and_then(engine::by_port));
        let mut fact = Fact::new(Kind::compose_port, self.input.file, key, span)
            .with(compose_port::SERVICE, service.name)
            .with(compose_port::HOST_IP, port.host_ip.as_deref().map(bounded))
            .with(
                compose_port::LOOPBACK,
                port.host_ip.as_deref().is_some_and(port::is_loopback),
            )
            .with(compose_port::HOST_PORT, number(port.host))
            .with(
                compose_port::HOST_PORT_END,
                last.filter(|last| Some(*last) != number(port.host)),
            )
            .with(compose_port::CONTAINER_PORT, container)
            .with(compose_port::PUBLISHED, published);
        fact.set(compose_port::PROTOCOL, Value::Word(port.protocol));
        fact.set(compose_port::ORIGIN, Value::Word(origin));
        fact.set(
            compose_port::ENGINE,
            behind.map_or(Value::Absent, Value::Word),
        );
        self.facts.push(fact);
    }
}

/// Sets one attribute of the long form; false where its value is none.
fn set(port: &mut Port, name: &str, text: &str) -> bool {
    if text.contains('$') {
        port.open = true;
        return true;
    }
    match name {
        "target" => port.container = port::range(text),
        "published" => port.host = port::range(text),
        "host_ip" => port.host_ip = (!text.is_empty()).then(|| text.to_owned()),
        _ => {
            return port::protocol(text)
                .map(|word| port.protocol = word)
                .is_some();
        }
    }
    text.is_empty() || name == "host_ip" || port::range(text).is_some()
}
