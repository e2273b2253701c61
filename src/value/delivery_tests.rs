//! What delivers: tables of commands that deploy, and of those that only look like it.

use super::*;

fn words(line: &str) -> Vec<&str> {
    line.split(' ').collect()
}

#[test]
fn deployments_are_told_from_other_commands() {
    for line in [
        "kubectl apply -f k8s",
        "helm upgrade --install shop ./chart",
        "flyctl deploy --remote-only",
        "npx vercel deploy --prebuilt --prod",
        "ssh deploy@host ./up.sh",
        "rsync -a dist/ host:/srv",
        "./deploy.sh production",
        "make deploy-prod",
        "npm run deploy",
        "bash scripts/deploy.sh",
        "curl -X POST ${{ secrets.RENDER_DEPLOY_HOOK }}",
        "git push heroku main",
        "aws ecs update-service --cluster a",
        "gcloud run deploy shop",
    ] {
        assert!(deploys(&words(line)), "{line}");
    }
    for line in [
        "kubectl get pods",
        "helm lint chart",
        "npm run build",
        "docker compose up -d",
        "git push origin main",
        "terraform plan",
        "npm run test:deploy",
        "curl https://example.org",
        "kubectl apply --dry-run=client -f x",
        "echo deploy",
        "",
    ] {
        assert!(!deploys(&words(line)), "{line}");
    }
}

#[test]
fn test_runs_are_told_from_other_commands() {
    for line in [
        "pytest -x",
        "python -m pytest tests/ -v",
        "python manage.py test",
        "npm test",
        "npm run test:unit",
        "pnpm --filter web test",
        "yarn e2e",
        "go test ./...",
        "cargo nextest run",
        "./gradlew check",
        "make test",
        "docker compose run --rm web pytest",
        "bundle exec rspec",
        "poetry run pytest",
        "php artisan test",
        "./scripts/run-tests.sh",
        "npx playwright test",
    ] {
        assert!(tests(&words(line)), "{line}");
    }
    for line in [
        "npm ci",
        "echo test",
        "docker build -t test .",
        "go build",
        "pip install pytest",
        "make build",
        "curl test",
        "",
    ] {
        assert!(!tests(&words(line)), "{line}");
    }
}

#[test]
fn names_and_actions() {
    for name in [
        "deploy",
        "deploy-staging",
        "Deploy to production",
        "build-and-deploy",
        "promote",
    ] {
        assert!(name_deploys(name), "{name}");
    }
    for name in [
        "deploy-docs",
        "test-deploy",
        "build",
        "deploy-preview",
        "notify-deploy",
    ] {
        assert!(!name_deploys(name), "{name}");
    }
    assert!(action_deploys(
        "aws-actions/amazon-ecs-deploy-task-definition@v1"
    ));
    assert!(action_deploys("appleboy/ssh-action@v1"));
    assert!(!action_deploys("actions/deploy-pages@v4") && !action_deploys("actions/checkout@v4"));
}
