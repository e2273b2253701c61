use std::fmt::Write as _;
use std::sync::Arc;

use super::*;
use crate::model::file::Claim as Claimed;
use crate::model::schema::var;
use crate::model::wants::Nobody;
use crate::model::{File, Lines, Val};
use crate::value::Lexicon;

fn reading(text: &str, env: Env, named: Option<&str>) -> Result<Dump, Problem> {
    let lexicon = Lexicon::new(Environments::default());
    let mut file = File::at("production=dump");
    file.claim = Some(Claimed {
        env,
        reason: Str::from("said so"),
    });
    let file = Arc::new(file);
    let input = Input {
        file: &file,
        text,
        lexicon: &lexicon,
        wants: &Nobody,
    };
    let asked = Asked {
        env,
        environments: &lexicon.environments,
    };
    read(&input, &asked, named.and_then(shape))
}

/// `shape: NAME=value` of every fact; what is not told is `?`.
fn said(text: &str) -> String {
    match reading(text, Env::PRODUCTION, None) {
        Ok(dump) => drawn(&dump, text),
        Err(problem) => format!("! {} `{}`", problem.message, problem.span.of(text)),
    }
}

fn drawn(dump: &Dump, text: &str) -> String {
    let mut out = dump.shape.to_owned() + ":";
    for fact in &dump.facts {
        let value = match fact.get(var::VALUE_KIND) {
            Val::Word("reference") => "?",
            _ => fact.text(var::VALUE),
        };
        write!(out, " {}={value}", fact.text(var::NAME)).unwrap();
        if let Val::Str(service) = fact.get(var::SERVICE) {
            write!(out, "@{service}").unwrap();
        }
        assert_eq!(fact.text(var::SOURCE), "dump");
        let key = fact.key.of(text);
        assert!(key.ends_with(fact.text(var::NAME)), "{key} in {text}");
    }
    for (platform, count) in &dump.left_out {
        write!(out, " -{count} {platform}").unwrap();
    }
    assert_eq!(dump.text.len(), text.len());
    out
}

const PRINTED: &[(&str, &str)] = &[
    // railway variables --json, heroku config --json, netlify env:list --json
    (
        r#"{"API_HOST":"a.example.org","PORT":"8080","RAILWAY_PROJECT_ID":"p","RAILWAY_GIT_BRANCH":"main"}"#,
        "map: API_HOST=a.example.org -1 hosting -2 railway",
    ),
    // Without a mark of the platform the name is the team's.
    (r#"{"RAILWAY_MODE":"x"}"#, "map: RAILWAY_MODE=x"),
    ("A_B: x\nC: 'y'\nD: 1\nE:\n", "map: A_B=x C=y D=1 E="),
    // doppler secrets --json
    (
        r#"{"A":{"computed":"x","raw":"${B}"},"B":{"value":"y"}}"#,
        "map: A=x B=y",
    ),
    // fly config show; aws lambda get-function-configuration; vault kv get
    (r#"{"app":"shop","env":{"LOG":"info"}}"#, "map: LOG=info"),
    (
        r#"{"FunctionName":"f","Environment":{"Variables":{"LOG":"info"}}}"#,
        "map: LOG=info",
    ),
    (
        r#"{"data":{"data":{"LOG":"info"},"metadata":{"version":1}}}"#,
        "map: LOG=info",
    ),
    // gh variable list, gh secret list, fly secrets list, az webapp config appsettings list
    (
        r#"[{"name":"LOG","value":"info","updatedAt":"2026"}]"#,
        "list: LOG=info",
    ),
    (
        r#"[{"name":"A_TOKEN","updatedAt":"2026"}]"#,
        "list: A_TOKEN=?",
    ),
    (r#"[{"Name":"A_TOKEN","Digest":"d"}]"#, "list: A_TOKEN=?"),
    // Render, Vercel, Netlify
    (
        r#"[{"envVar":{"key":"LOG","value":"info"},"cursor":"c"}]"#,
        "list: LOG=info",
    ),
    (
        r#"{"envs":[{"key":"LOG","value":"info","target":["production"]},{"key":"LOG","value":"debug","target":["preview","development"]},{"key":"C","value":"x","type":"encrypted","decrypted":false,"target":"production"}]}"#,
        "list: LOG=info C=?",
    ),
    (
        r#"[{"key":"LOG","values":[{"value":"debug","context":"dev"},{"value":"info","context":"production"}]},{"key":"A","values":[{"value":"x","context":"all"}]},{"key":"D","values":[{"value":"x","context":"dev"}]}]"#,
        "list: LOG=info A=x",
    ),
    // docker inspect
    (
        r#"[{"Id":"1","Config":{"Env":["LOG=info","PATH=/bin","A=b=c"]}}]"#,
        "list: LOG=info A=b=c -1 shell",
    ),
    // aws ssm, aws ecs
    (
        r#"{"Parameters":[{"Name":"/shop/prod/LOG","Type":"String","Value":"info"},{"Name":"/shop/prod/web/LOG","Value":"debug"}]}"#,
        "ssm: LOG=info@prod LOG=debug@web",
    ),
    (
        r#"{"taskDefinition":{"containerDefinitions":[{"name":"api","environment":[{"name":"LOG","value":"info"}],"secrets":[{"name":"A_KEY","valueFrom":"arn"}]}]}}"#,
        "ecs: LOG=info@api A_KEY=?@api",
    ),
    // docker compose config
    (
        "name: shop\nservices:\n  api:\n    image: shop/api\n    environment:\n      LOG: info\n      P: a$$b\n      H: null\n  db:\n    image: postgres\n",
        "compose: LOG=info@api P=a$b@api H=?@api",
    ),
    // vercel env pull, heroku config -s
    (
        "# Created by Vercel CLI\nLOG=\"info\"\nA='x y'\n",
        "dotenv: LOG=info A=x y",
    ),
    ("export A=1\n\nB=2 # two\n", "dotenv: A=1 B=2"),
    (
        "=== shop Config Vars\n\nLOG:     info\nURL:     http://a:1\n",
        "heroku: LOG=info URL=http://a:1",
    ),
    // printenv, railway variables --kv
    (
        "PATH=/bin\nHOME=/root\nA=\"x\" # y\nPEM=one\ntwo\nBASH_FUNC_f%%=() {  A=1\n}\nB=2\n",
        "printenv: A=\"x\" # y PEM=one\ntwo B=2 -2 shell",
    ),
    (
        "LOG=a 'b\nRAILWAY_PROJECT_ID=p\n",
        "printenv: LOG=a 'b -1 railway",
    ),
    ("\u{feff}A=1\n", "dotenv: A=1"),
];

#[test]
fn what_platforms_print_is_read() {
    for (text, expected) in PRINTED {
        assert_eq!(said(text), *expected, "{text}");
    }
}

#[test]
fn objects_of_a_cluster_are_read() {
    let list = r#"{"apiVersion":"v1","kind":"List","items":[
      {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"api"},"data":{"LOG":"info","nginx.conf":"x"}},
      {"apiVersion":"v1","kind":"Secret","type":"Opaque","metadata":{"name":"api"},"data":{"WORD":"aGVsbG8=","LOG":"ZGVidWc="}},
      {"apiVersion":"v1","kind":"Secret","type":"kubernetes.io/service-account-token","metadata":{"name":"t"},"data":{"token":"aGVsbG8="}}]}"#;
    assert_eq!(
        said(list),
        "kubernetes: LOG=info@api WORD=hello@api LOG=debug@api"
    );
    let stream = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n  LOG: info\n---\napiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          env:\n            - {name: A, value: x}\n            - {name: B, valueFrom: {secretKeyRef: {name: s, key: k}}}\n";
    assert_eq!(said(stream), "kubernetes: LOG=info@web A=x@web B=?@web");
    let broken = "apiVersion: v1\nkind: Secret\ndata: {A_KEY: hunter-2!}\n";
    assert_eq!(
        said(broken),
        "! the data of a Secret is base64, and this is not `hunter-2!`"
    );
}

const REFUSED: &[(&str, &str)] = &[
    (
        "",
        "! it is empty; did the command that should have printed it fail? ``",
    ),
    (
        " \n",
        "! it is empty; did the command that should have printed it fail? ``",
    ),
    ("{}", "! it holds no variable `{`"),
    ("[]", "! it holds no variable `[`"),
    ("{\"A\": \"x\", ", "! this bracket is never closed `{`"),
    ("{\"A\": x}", "! unexpected token `x`"),
    (
        "{\"message\":\"Unauthorized\"}",
        "! its keys are no names of variables; `--from map` reads them all the same `{`",
    ),
    (
        "error: not logged in\n",
        "! its keys are no names of variables; `--from map` reads them all the same `e`",
    ),
    (
        "Not logged in\n",
        "! this is no dump that envguard knows; `--from SHAPE` says what it is meant to be `Not logged in`",
    ),
    (
        "{\"A\":\"1\",\"A\":\"2\"}",
        "! this variable stands here twice, with different values `A`",
    ),
    (
        "A=1\nA=2\n",
        "! this variable stands here twice, with different values `A`",
    ),
    (
        "{\"A\":{\"b\":1}}",
        "! a variable holds one text `{\"b\":1}`",
    ),
    (
        "{\"A\":\"1\",\"b c\":\"2\"}",
        "! this is no name of a variable `b c`",
    ),
];

#[test]
fn what_is_no_dump_is_refused_where_it_is_wrong() {
    for (text, expected) in REFUSED {
        assert_eq!(said(text), *expected, "{text}");
    }
    assert_eq!(said("{\"A\":\"1\",\"A\":\"1\"}"), "map: A=1 A=1");
    let many: Vec<String> = (0..=MOST).map(|at| format!("V{at}=1")).collect();
    let many = many.join("\n");
    assert!(said(&many).starts_with("! it holds more than 20000"));
    let long = format!("A=1\nB={}\n", "x".repeat(LONGEST + 1));
    assert!(said(&long).starts_with("! the value of this variable is over 1 MiB"));
}

#[test]
fn the_user_may_say_what_it_is() {
    let text = "{\"message\":\"x\"}";
    let dump = reading(text, Env::PRODUCTION, Some("map")).ok().unwrap();
    assert_eq!(drawn(&dump, text), "map: message=x");
    let text = "A='x'\n";
    let dump = reading(text, Env::PRODUCTION, Some("printenv"))
        .ok()
        .unwrap();
    assert_eq!(drawn(&dump, text), "printenv: A='x'");
    for shape in SHAPES {
        for text in [
            "A=1\n",
            "{\"A\": \"1\"}",
            "[1]",
            "x: [",
            "services: 1",
            "\u{0}",
        ] {
            // No shape falls over what was not printed for it.
            let _ = reading(text, Env::STAGING, Some(shape.name));
        }
    }
}

#[test]
fn nothing_but_names_and_values_is_kept() {
    let text = "{\"A_TOKEN\":\"abc\",\"RAILWAY_PROJECT_ID\":\"hunter2\"}";
    let dump = reading(text, Env::PRODUCTION, None).ok().unwrap();
    assert_eq!(
        dump.text,
        "{\"A_TOKEN\":\"abc\",\"******************\":\"*******\"}"
    );
    let lines = Lines::of(&dump.text);
    assert_eq!(lines.line(dump.facts[0].span.start), 1);
}
