//! What the commands, actions and names of a CI job say about its purpose: does it deploy, does it run tests?

use super::wordlist::has;
use super::words::tokens;
use crate::model::base_name;

/// A command, as words, that changes what runs in some environment.
pub fn deploys(words: &[&str]) -> bool {
    let Some((program, rest)) = words.split_first() else {
        return false;
    };
    let program = base(program);
    let first = rest
        .iter()
        .copied()
        .find(|word| !word.starts_with('-'))
        .unwrap_or_default();
    if has(RUNNERS, program) && first != program {
        return deploys(after(rest, "run exec dlx x tool"));
    }
    if has("ssh rsync scp sshpass", program) {
        return !rest.is_empty() && !has("-V --version", first);
    }
    let any = |options: &str| rest.iter().any(|word| has(options, word));
    if any("--dry-run --dry-run=client --dry-run=server --help --version --dryrun --what-if") {
        return false;
    }
    let listed = PAIRS.iter().any(|(name, commands)| {
        program == *name && rest.iter().take(4).any(|word| has(commands, word))
    });
    listed
        || (program == "git" && first == "push" && rest.iter().any(|word| is_host_remote(word)))
        || (program == "vercel" && any("--prod"))
        || (program == "curl" && rest.iter().any(|word| is_hook(word)))
        || is_deploy_script(program, first)
}

/// A command, as words, that runs tests.
pub fn tests(words: &[&str]) -> bool {
    let Some((program, rest)) = words.split_first() else {
        return false;
    };
    let program = base(program);
    if has(TEST_PROGRAMS, program) {
        return true;
    }
    let mut plain = rest.iter().copied().filter(|word| !word.starts_with('-'));
    let first = plain.next().unwrap_or_default();
    if program == "python" || program.starts_with("python3") {
        return has("pytest unittest nose2 tox", first)
            || (first.ends_with("manage.py") && plain.next() == Some("test"))
            || is_test_word(base(first));
    }
    if has("docker docker-compose podman kubectl", program) {
        return rest.iter().any(|word| has(TEST_PROGRAMS, base(word)))
            || rest.windows(2).any(|pair| {
                has(RUNNERS, pair[0]) && is_test_word(pair[1])
                    || pair[0].ends_with("manage.py") && pair[1] == "test"
            });
    }
    let takes_task =
        has(TASK_RUNNERS, program) || is_own_script(words.first().copied().unwrap_or_default());
    takes_task
        && rest
            .iter()
            .take(8)
            .any(|word| !word.starts_with('-') && (is_test_word(word) || has(TEST_PROGRAMS, word)))
        || (is_own_script(words.first().copied().unwrap_or_default()) && is_test_word(program))
}

/// An action or template that deploys: `aws-actions/amazon-ecs-deploy-task-definition@v1`.
pub fn action_deploys(action: &str) -> bool {
    let name = action.split('@').next().unwrap_or_default();
    let listed = ACTIONS.iter().any(|known| name.starts_with(known));
    let named = tokens(name).any(|token| token.is_one_of(&["deploy", "deployment", "deployments"]));
    // Pages are documentation as a rule, and a record of a deployment is none.
    let other = tokens(name).any(|token| {
        token.is_one_of(&[
            "pages",
            "docs",
            "status",
            "key",
            "create",
            "delete",
            "deactivate",
            "get",
            "wait",
            "check",
            "preview",
        ])
    });
    listed || (named && !other)
}

/// An action that runs tests.
pub fn action_tests(action: &str) -> bool {
    let name = action.split('@').next().unwrap_or_default();
    ["cypress-io/github-action", "ruby/rspec", "pytest-dev/"]
        .iter()
        .any(|known| name.starts_with(known))
}

/// The name of a job or workflow that says that it deploys; checks of deployments, their notices and their documents do
/// not.
pub fn name_deploys(name: &str) -> bool {
    let mut found = false;
    for token in tokens(name) {
        if token.is_one_of(NO_DEPLOYMENT) {
            return false;
        }
        found |= token.is_one_of(&["deploy", "deploys", "deployment", "rollout", "promote"]);
    }
    found
}

/// The name of a job or workflow that says that it tests.
pub fn name_tests(name: &str) -> bool {
    tokens(name).any(|token| {
        token.is_one_of(&[
            "test",
            "tests",
            "testing",
            "unittest",
            "unittests",
            "pytest",
            "e2e",
            "spec",
            "specs",
            "ci",
            "check",
            "checks",
            "verify",
            "validate",
            "qa",
            "quality",
            "integration",
        ])
    })
}

const NO_DEPLOYMENT: &[&str] = &[
    "docs",
    "doc",
    "documentation",
    "pages",
    "storybook",
    "notify",
    "notification",
    "test",
    "tests",
    "testing",
    "check",
    "checks",
    "verify",
    "validate",
    "lint",
    "plan",
    "preview",
    "previews",
    "review",
    "cleanup",
    "delete",
    "destroy",
    "teardown",
    "undeploy",
    "e2e",
    "smoke",
    "slack",
    "status",
    "report",
    "prepare",
    "setup",
    "detect",
    "package",
    "tag",
    "undo",
    "key",
    "keys",
    "npm",
    "pypi",
];

/// Programs that run another one, or a task of the project.
const RUNNERS: &str =
    "npm npx yarn pnpm pnpx bun bunx poetry uv pipenv pdm hatch bundle rye mise deno";
const TASK_RUNNERS: &str = "npm npx yarn pnpm pnpx bun bunx poetry uv pipenv pdm hatch bundle rye mise deno make gmake just task \
    rake rails go cargo mvn mvnw gradle gradlew dotnet mix lein sbt swift flutter dart composer php nx turbo lerna bazel \
    invoke inv zig stack cabal ant xcodebuild artisan vendor manage.py bin console melos earthly dagger cross xvfb-run";
const TEST_PROGRAMS: &str = "pytest py.test tox nox jest vitest mocha ava rspec phpunit pest ctest bats karma unittest nosetests \
    nose2 gotestsum nextest behave codecept ginkgo cucumber parallel_rspec paratest cypress playwright newman kuttl";

const PAIRS: &[(&str, &str)] = &[
    ("kubectl", "apply set rollout replace"),
    ("oc", "apply rollout set"),
    ("kustomize", "deploy"),
    ("helm", "upgrade install"),
    ("helmfile", "apply sync"),
    ("argocd", "sync set"),
    ("fly", "deploy"),
    ("flyctl", "deploy"),
    ("vercel", "deploy promote"),
    ("netlify", "deploy"),
    ("serverless", "deploy"),
    ("sls", "deploy"),
    ("sst", "deploy"),
    ("cdk", "deploy"),
    ("sam", "deploy"),
    ("terraform", "apply"),
    ("tofu", "apply"),
    ("terragrunt", "apply"),
    ("pulumi", "up"),
    (
        "aws",
        "update-service deploy create-deployment update-function-code",
    ),
    ("ecs-deploy", ""),
    ("gcloud", "deploy"),
    ("az", "deploy deployment up"),
    (
        "heroku",
        "container:release releases:promote pipelines:promote",
    ),
    ("railway", "up redeploy"),
    ("render", "deploy deploys"),
    ("kamal", "deploy redeploy"),
    ("mrsk", "deploy"),
    ("cap", "deploy"),
    ("dep", "deploy"),
    ("eb", "deploy"),
    ("wrangler", "deploy publish"),
    ("firebase", "deploy"),
    ("docker", "deploy"),
    ("caprover", "deploy"),
    ("captain", "deploy"),
    ("convox", "deploy"),
    ("copilot", "deploy"),
    ("doctl", "create-deployment update"),
    ("nomad", "run"),
    ("cf", "push"),
    ("shopify", "push deploy"),
    ("eas", "update"),
    ("ansible-playbook", "deploy.yml deploy.yaml site.yml"),
];

const ACTIONS: &[&str] = &[
    "akhileshns/heroku-deploy",
    "amondnet/vercel-action",
    "appleboy/scp-action",
    "appleboy/ssh-action",
    "azure/k8s-deploy",
    "burnett01/rsync-deployments",
    "bervProject/railway-deploy",
    "cloudflare/wrangler-action",
    "digitalocean/app_action",
    "easingthemes/ssh-deploy",
    "garygrossgarten/github-action-ssh",
    "nwtgck/actions-netlify",
    "SamKirkland/FTP-Deploy-Action",
];

fn base(word: &str) -> &str {
    base_name(word)
}

/// What a runner runs, behind its options and its own verb.
fn after<'w, 'a>(rest: &'w [&'a str], verbs: &str) -> &'w [&'a str] {
    let start = rest
        .iter()
        .position(|word| !word.starts_with('-') && !has(verbs, word))
        .unwrap_or(rest.len());
    rest.get(start..).unwrap_or_default()
}

fn is_test_word(word: &str) -> bool {
    let name = word.split('.').next().unwrap_or_default();
    let mut parts = name.split([':', '-', '_', '/']);
    let first = parts.next().unwrap_or_default();
    has("test tests spec e2e pytest unittest", first)
        || parts.any(|part| has("test tests spec e2e", part))
        || name == "check"
}

/// `./run-tests.sh`, `scripts/deploy`, `bin/test`.
fn is_own_script(program: &str) -> bool {
    program.contains('/')
        || program
            .rsplit_once('.')
            .is_some_and(|(_, ext)| has("sh bash py rb js", ext))
}

/// `./deploy.sh`, `bin/deploy production`, `make deploy-prod`, `npm run deploy`, `bash deploy.sh`.
fn is_deploy_script(program: &str, first: &str) -> bool {
    let names = |word: &str| {
        let name = base(word);
        !word.contains('$')
            && tokens(name).any(|token| token.is_one_of(&["deploy"]))
            && name_deploys(name)
    };
    let asks = has(
        "make gmake just task rake bash sh zsh python python3 php node fab invoke",
        program,
    );
    (names(program) && !program.starts_with('-')) || (asks && names(first))
}

/// A git remote on which a push is a deployment.
fn is_host_remote(word: &str) -> bool {
    has("heroku dokku piku", word) || word.contains("git.heroku.com") || word.starts_with("dokku@")
}

/// An address that starts a deployment when it is called.
fn is_hook(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    lower.contains("deploy_hook")
        || lower.contains("deploy-hook")
        || lower.contains("deployhook")
        || lower.contains("api.render.com/deploy")
        || lower.contains("/v1/integrations/deploy")
        || lower.contains("deploy_webhook")
}

#[cfg(test)]
#[path = "delivery_tests.rs"]
mod tests;
