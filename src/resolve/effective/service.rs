//! A service as it stands after the merge: no single file states it.

use super::Evaluated;
use super::holds::{Written, see};
use crate::model::schema::{Kind, compose_service};
use crate::model::{Env, Fact, Value};
use crate::resolve::compose::{Service, Text};
use crate::value::{command, engine, image};

/// The fact of a service, at the key that declared it last.
/// `ends` says that others wait for it until it has ended well.
pub fn fact(
    one: &Evaluated,
    service: &Service,
    env: Env,
    ends: bool,
    written: &Written,
) -> Option<Fact> {
    let place = &service.origin.place;
    let file = written.file(&place.file)?;
    let known = |text: &Option<Text>| text.as_ref().and_then(Text::get).map(str::to_owned);
    let container = service.container_name.as_ref();
    let at = container
        .map(|name| &name.origin.place)
        .filter(|named| named.file == place.file);
    let mut fact = Fact::new(
        Kind::compose_service,
        file,
        place.key,
        at.map_or(place.key, |at| at.value),
    )
    .with(compose_service::NAME, service.name.clone())
    .with(
        compose_service::CONTAINER_NAME,
        known(&service.container_name),
    )
    .with(compose_service::HAS_BUILD, service.build.is_some())
    .with(compose_service::HAS_IMAGE, service.image.is_some())
    .with(compose_service::EXTENDS, false)
    .with(compose_service::RESTART, known(&service.restart))
    .with(compose_service::RESTARTS, restarts(service, ends))
    .with(compose_service::NETWORK_MODE, known(&service.network_mode));
    let engine = service
        .image
        .as_ref()
        .and_then(|text| engine::by_image(image::parse(text.expose()).repository));
    fact.set(
        compose_service::ENGINE,
        engine.map_or(Value::Absent, Value::Word),
    );
    see(&mut fact, one, env, &service.origin, written);
    Some(fact)
}

/// By `deploy.restart_policy`, where the service has one, or `restart`. Nothing is said of one that is meant to end.
fn restarts(service: &Service, ends: bool) -> Option<bool> {
    const POLICY: &str = "deploy.restart_policy.";
    let mut policy = service
        .settings
        .iter()
        .filter(|setting| setting.path.starts_with(POLICY))
        .peekable();
    let restart = match &service.restart {
        Some(text) => Some(text.get()?),
        None => None,
    };
    if policy.peek().is_none() {
        if ends && restart.is_none() {
            return None;
        }
        return command::restarts(restart, None);
    }
    let condition = policy.find(|setting| setting.path.ends_with(".condition"));
    let condition = match condition {
        Some(setting) => Some(setting.value.get()?),
        None => None,
    };
    command::restarts(restart, Some(condition))
}
