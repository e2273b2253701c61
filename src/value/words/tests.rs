//! Tables: what every kind of text says about environments.

use super::*;

fn name_of(env: Option<Env>) -> String {
    env.map_or_else(|| "-".to_owned(), |env| format!("{env:?}"))
}

fn check(rows: &str, read: impl Fn(&str) -> Option<Env>) {
    let mut wrong = Vec::new();
    for row in rows.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (text, expected) = row.rsplit_once(' ').unwrap();
        let said = name_of(read(text.trim()));
        if said != expected {
            wrong.push(format!("{}: said {said}, expected {expected}", text.trim()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const NAMES_OF_VARIABLES: &str = "
        STRIPE_KEY_DEV           development
        PROD_API_URL             production
        DEV_DEPLOY_HOOK          development
        STAGING_BOT_TOKEN        staging
        STRIPE_LIVE_KEY          production
        STRIPE_LIVE_SECRET_KEY   production
        STRIPE_TEST_SECRET_KEY   test
        TEST_DATABASE_URL        test
        DATABASE_URL_TEST        test
        DATABASE_URL_LOCAL       local
        LOCAL_DB_URL             local
        DEMO_DATABASE_URL        demo
        QA_BASE_URL              test
        UAT_HOST                 uat
        PRE_PROD_HOST            preprod
        PREPROD_HOST             preprod
        AWS_ACCESS_KEY_ID_PROD   production
        databaseUrlStaging       staging
        STAGE_DB_PASSWORD        staging
        DATABASE_URL_STAGE       staging
        DB_PASSWORD_PRD          production
        PREVIEW_DATABASE_URL     preview
        EC2_HOST_PROD            production
        PRODUCTION_SSH_KEY       production
        DEV_SUPABASE_URL         development
        DEV_SERVER_HOST          development
        DEV_SERVER_PORT          -
        LIVE_RELOAD              -
        LIVE_VIEW_SIGNING_SALT   -
        LIVEKIT_API_KEY          -
        LIVE_CHAT_TOKEN          -
        STAGE                    -
        STAGE_NAME               -
        BUILD_STAGE              -
        LOCAL_PORT               -
        LOCALE                   -
        LOCAL_STORAGE_PATH       -
        DEMO_MODE                -
        DEMO_PASSWORD            -
        TEST_MODE                -
        TEST_USER_EMAIL          -
        TEST_TIMEOUT             -
        RUN_TESTS                -
        SPEED_TEST               -
        CI                       -
        CI_JOB_TOKEN             -
        CI_REGISTRY_PASSWORD     -
        IS_PRODUCTION            -
        USE_PROD_DB              -
        PRODUCTION               -
        DEV_MODE                 -
        DEV_TO_API_KEY           -
        EBAY_DEV_ID              -
        SANITY_PREVIEW_SECRET    -
        CODE_REVIEW_TOKEN        -
        REVIEW_APPS              -
        DEV_OR_PROD_URL          -
        NON_PROD_ACCOUNT         -
        DEVICE_KEY               -
        PRODUCT_ID               -
        STAGNANT_URL             -
        DEVELOPER_KEY            -
        LATEST_URL               -
        ENVIRONMENT              -
        NODE_ENV                 -
        ";

#[test]
fn names_of_variables() {
    let words = Words::default();
    check(NAMES_OF_VARIABLES, |text| words.in_name(text));
}

const VALUES: &str = "
        production                    production
        Production                    production
        PRD                           production
        live                          production
        dev                           development
        local                         local
        testing                       test
        ci                            test
        pre-production                preprod
        review                        preview
        config.settings.prod          production
        config.settings.local         local
        settings.dev                  development
        app-staging                   staging
        acme_production_db            production
        staging:cache:                staging
        demo-bucket                   demo
        hydra-development             development
        https://api-staging.acme.io/x staging
        https://acme.dev/x            -
        https://u:p@db.prod.acme.io   production
        /srv/app/prod/data            production
        prod_N1xT0bbCdEfGh2           -
        sk_test_4eC39HqLyjWDarjt      -
        dev@acme.io                   -
        livekit                       -
        testimonials                  -
        latest                        -
        development:test              -
        true                          -
        live-reload                   -
        review-apps                   -
        nonprod                       -
        non-prod                      -
        my development box            -
        ";

#[test]
fn values() {
    let words = Words::default();
    check(VALUES, |text| words.in_value(text));
}

const NAMES_OF_JOBS_NAMESPACES_AND_DATABASES: &str = "
        deploy-prod              production
        deploy_to_staging        staging
        acme-dev                 development
        app_test                 test
        e2e-tests                test
        test_app                 test
        1.2.3-dev                development
        staging2                 staging
        prod-eu-1                production
        shop-demo                demo
        pre-prod                 preprod
        Deploy to Production     production
        stage-2                  -
        multi-stage              -
        letsencrypt-prod         -
        review-apps              -
        live-reload              -
        latest                   -
        nightly                  -
        windows                  -
        build                    -
        bundle                   -
        override                 -
        docker-compose-env       -
        dev-and-prod             -
        nonprod                  -
        ";

#[test]
fn names_of_jobs_namespaces_and_databases() {
    let words = Words::default();
    check(NAMES_OF_JOBS_NAMESPACES_AND_DATABASES, |text| {
        words.named(text)
    });
}

const HOSTS: &str = "
        api-staging.example.org             staging
        db.dev.acme.io                      development
        dev.acme.io                         development
        acme-staging.com                    staging
        acme-dev.com                        development
        staging.acme.com:8443               staging
        acme-prod.abc.eu-west-1.rds.amazonaws.com production
        acme-dev.onrender.com               development
        db-prod                             production
        qa.acme.io                          test
        demo.acme.io                        demo
        pre-prod.acme.io                    preprod
        review-12.acme.io                   preview
        app-live.acme.io                    production
        acme-staging-v02.api.letsencrypt.org staging
        local.acme.io                       local
        acme.dev                            -
        acme.live                           -
        acme.test                           -
        printer.local                       -
        app.localhost                       -
        localhost                           -
        test.com                            -
        demo-company.com                    -
        login.live.com                      -
        dev.azure.com                       -
        live.acme.io                        -
        ci.acme.io                          -
        review.acme.io                      -
        127.0.0.1                           -
        [::1]:8080                          -
        redis                               -
        developer.acme.io                   -
        dev.staging.acme.io                 -
        ";

#[test]
fn hosts() {
    let words = Words::default();
    check(HOSTS, |text| words.in_host(text));
}

#[test]
fn configuration_wins_over_the_guess() {
    let mut environments = Environments::default();
    let qa = environments.declare("qa").unwrap();
    let canary = environments.declare("canary").unwrap();
    environments.info_mut(Env::STAGING).unwrap().hosts = vec!["*-dev.acme.io".to_owned()];
    let words = Words::new(&environments);
    assert_eq!(words.in_host("api-dev.acme.io"), Some(Env::STAGING));
    assert_eq!(words.named("qa"), Some(qa));
    assert_eq!(words.in_name("CANARY_TOKEN"), Some(canary));
    assert_eq!(words.named("unassigned"), None);
}

#[test]
fn paths_name_their_reason() {
    let words = Words::default();
    let reason = |path: &str| words.in_path(path).unwrap().reason.to_string();
    assert_eq!(reason("a/.env.production"), "the name says `production`");
    assert_eq!(reason("docker/prod/.env"), "the folder `prod`");
}
