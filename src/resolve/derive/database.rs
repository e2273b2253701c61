//! A database as a fact: what a DSN or a group of variables leads to.

use crate::model::schema::{Kind, database as db, var};
use crate::model::{Env, Fact, Secret, Span, Value};
use crate::value::database::Database;
use crate::value::{HostClass, engine, strength};

use super::group::Group;
use super::{Deriver, copy, fact};

impl Deriver<'_> {
    /// The database of a DSN; what it leaves open comes from the variables of its group.
    pub(super) fn database_with(
        &self,
        from: &Fact,
        span: Span,
        mut database: Database,
        group: Option<&Group>,
    ) -> Option<Fact> {
        if let Some(group) = group {
            group.complete(&mut database);
        }
        self.database(from, span, from.text(var::NAME), database)
    }

    /// `None` where nothing but an engine is known.
    pub(super) fn database(
        &self,
        from: &Fact,
        span: Span,
        of: &str,
        database: Database,
    ) -> Option<Fact> {
        let class = database.host.as_deref().map(HostClass::of);
        let target = self.target(from, class, &database);
        let database = database.settled();
        if database.host.is_none() && database.db.is_none() {
            return None;
        }
        let password = database.password.expose();
        let length = i64::try_from(password.chars().count()).unwrap_or(i64::MAX);
        let port = database
            .port
            .or_else(|| class.and_then(|_| engine::default_port(database.engine)));
        let mut fact = fact(Kind::database, from, span)
            .with(db::OF, of)
            .with(db::PORT, port.map(i64::from))
            .with(db::TARGET, target)
            .with(db::PASSWORD, Secret::new(password))
            .with(db::LENGTH, length)
            .with(db::TLS, database.tls);
        fact.set(db::STRENGTH, Value::Word(strength::of(password)));
        let named = Some(database.engine).filter(|engine| !engine.is_empty());
        let engine = named.unwrap_or("other");
        fact.set(db::ENGINE, Value::Word(engine));
        fact.set(
            db::HOST_CLASS,
            class.map_or(Value::Absent, |class| Value::Word(class.name())),
        );
        fact.set(db::DB_ENV, self.env_of(&database).into());
        fact.set(db::HOST, database.host.into());
        fact.set(db::DB, database.db.into());
        fact.set(db::USER, database.user.into());
        copy(&mut fact, db::SERVICE, from, var::SERVICE);
        copy(&mut fact, db::ORIGIN, from, var::ORIGIN);
        Some(fact)
    }

    fn env_of(&self, database: &Database) -> Option<Env> {
        let words = &self.lexicon.words;
        let by_name = database.db.as_deref().and_then(|name| words.named(name));
        by_name.or_else(|| {
            database
                .host
                .as_deref()
                .and_then(|host| words.in_host(host))
        })
    }

    fn target(&self, from: &Fact, class: Option<HostClass>, database: &Database) -> Option<String> {
        // Inside of a container `localhost` and paths are the container's own.
        let contained = !from.text(var::SERVICE).is_empty();
        let own = class == Some(HostClass::Loopback) || database.engine == "sqlite";
        (!(contained && own))
            .then(|| database.target(self.machine(from)))
            .flatten()
    }
}
