//! `errand up` with a web app: what it is given, and that it comes, comes again and goes.

mod stand_in;

use std::{collections::BTreeSet, fs, net::TcpListener};

use proto::v1::{ListTasksRequest, task_service_client::TaskServiceClient};
use serde_json::Value;
use tokio::process::Command;
use tonic::{Code, Request, Status};

use self::stand_in::WebHome;
use crate::{
    client::{titled, user},
    process::{Ended, Home, eventually, free_ports},
};

#[tokio::test]
async fn it_runs_beside_the_services_and_ends_with_them() {
    let web = WebHome::new();
    let (up, printed) = web.up(&web.home.data()).await;
    let address = format!("http://localhost:{}", web.port());
    assert_eq!(printed[0], format!("{:<22}{address}", "web"));
    let hint = format!("  open {address} in a browser and sign up");
    assert!(printed.contains(&hint), "{printed:?}");
    let log = up.log();
    assert!(log.contains("the stand-in listens"), "{log}");
    assert!(log.contains("\"target\":\"web\""), "{log}");

    let log = up.log_file();
    assert_eq!(up.terminate().await, Some(0));
    let log = fs::read_to_string(log).unwrap();
    assert!(log.contains("the stand-in ends in order"), "{log}");
    assert!(!log.contains("started again"), "{log}");
    assert!(web.page("/api/health").await.is_none());
}

#[tokio::test]
async fn it_is_given_what_it_needs_and_nothing_else() {
    let web = WebHome::new();
    let (up, _) = web.up(&web.home.data()).await;
    let process = web.process().await;
    let environment = process["environment"].as_object().unwrap();
    let names: BTreeSet<&str> = environment.keys().map(String::as_str).collect();
    let expected = BTreeSet::from([
        "DAPR_API_TOKEN",
        "DAPR_GRPC_PORT",
        "ERRAND_WEB_DATABASE_URL",
        "ERRAND_WEB_REALTIME_URL",
        "ERRAND_WEB_SECRET",
        "ERRAND_WEB_SIGN_UP",
        "ERRAND_WEB_URL",
        "HOSTNAME",
        "NODE_ENV",
        "PATH",
        "PORT",
    ]);
    assert_eq!(names, expected);
    let database = format!("sqlite://{}", web.home.data().join("web.db").display());
    for (name, value) in [
        ("HOSTNAME", "127.0.0.1"),
        ("PORT", &web.port().to_string()),
        (
            "ERRAND_WEB_URL",
            &format!("http://localhost:{}", web.port()),
        ),
        ("ERRAND_WEB_DATABASE_URL", &database),
        (
            "ERRAND_WEB_REALTIME_URL",
            &format!("http://127.0.0.1:{}", web.base() + 4),
        ),
        ("ERRAND_WEB_SIGN_UP", "open"),
        ("NODE_ENV", "production"),
    ] {
        assert_eq!(environment[name], value, "{name}");
    }
    let secret = environment["ERRAND_WEB_SECRET"].clone();
    assert_eq!(secret.as_str().unwrap().len(), 64);
    assert_eq!(up.terminate().await, Some(0));

    // Its sessions and its signing keys are sealed with it, so it stays.
    let (up, _) = web.up(&web.home.data()).await;
    let again = &web.process().await["environment"]["ERRAND_WEB_SECRET"];
    assert_eq!(again, &secret);
    assert_eq!(up.terminate().await, Some(0));
}

#[tokio::test]
async fn its_tokens_are_good_also_after_it_has_another_key() {
    let web = WebHome::new();
    let (up, _) = web.up(&web.home.data()).await;
    let token = web.page("/token").await.unwrap();
    let ann = user("ann", &token, web.base());
    ann.create(0, titled("by a token of the web app"))
        .await
        .unwrap();

    kill(&web.process().await).await;
    let fresh = eventually("another token", async || web.page("/token").await).await;
    let ann = user("ann", &fresh, web.base());
    let tasks = eventually("the other key", async || ann.all_tasks().await.ok()).await;
    assert_eq!(tasks.len(), 1);
    // The key that is gone opens nothing any more, and those of this machine go on.
    let refusal = user("ann", &token, web.base())
        .all_tasks()
        .await
        .unwrap_err();
    assert_eq!(refusal.code(), Code::Unauthenticated, "{refusal:?}");
    let local = web.home.user("ann", &web.home.data(), web.base()).await;
    assert_eq!(local.all_tasks().await.unwrap().len(), 1);
    assert_eq!(up.terminate().await, Some(0));
}

#[tokio::test]
async fn it_calls_services_through_a_sidecar_of_its_own() {
    let web = WebHome::new();
    let (up, _) = web.up(&web.home.data()).await;
    let environment = &web.process().await["environment"];
    let text = |name: &str| environment[name].as_str().unwrap().to_owned();
    let (port, api_token) = (text("DAPR_GRPC_PORT"), text("DAPR_API_TOKEN"));
    let token = web.page("/token").await.unwrap();
    assert_eq!(list(&port, Some(&api_token), &token).await.unwrap(), 0);
    for wrong in [None, Some("another")] {
        let refusal = list(&port, wrong, &token).await.unwrap_err();
        assert_eq!(refusal.code(), Code::Unauthenticated, "{refusal:?}");
    }
    assert_eq!(up.terminate().await, Some(0));
}

#[tokio::test]
async fn it_is_started_again_when_it_ends() {
    let web = WebHome::new();
    let (up, _) = web.up(&web.home.data()).await;
    let first = web.process().await;
    kill(&first).await;
    let again = eventually("another process", async || {
        let process = web.process().await;
        (process["pid"] != first["pid"]).then_some(process)
    })
    .await;
    assert_eq!(again["starts"], 2);
    let log = up.log();
    assert!(log.contains("the web app ended"), "{log}");
    assert_eq!(up.terminate().await, Some(0));
}

#[tokio::test]
async fn it_does_not_outlive_an_errand_that_is_killed() {
    let web = WebHome::new();
    let (up, _) = web.up(&web.home.data()).await;
    up.kill().await;
    web.is_gone().await;
    // The port is free for the next one.
    let (up, _) = web.up(&web.home.data()).await;
    assert_eq!(web.process().await["starts"], 2);
    assert_eq!(up.terminate().await, Some(0));
}

#[tokio::test]
async fn what_is_in_its_way_is_named_before_anything_starts() {
    let web = WebHome::new();
    let folder = web.folder().display().to_string();
    let (base, port) = (web.base().to_string(), web.port().to_string());
    let _taken = TcpListener::bind(("127.0.0.1", web.port())).unwrap();
    let up = ["up", "--port-base", &base, "--web-port", &port, "--web"];
    let refused = web.home.run(up.iter().chain(&[folder.as_str()])).await;
    let address = format!("the web app cannot listen on 127.0.0.1:{port}");
    assert_refused(&refused, &[&address, "--web-port"]);

    fs::remove_file(web.folder().join("node")).unwrap();
    let refused = web.home.run(up.iter().chain(&[folder.as_str()])).await;
    assert_refused(&refused, &[&folder, "it has no node", "scripts/web build"]);
    assert!(!web.home.data().join("errand.db").exists());
}

#[tokio::test]
async fn its_data_is_in_a_backup_and_comes_back() {
    let web = WebHome::new();
    let (up, _) = web.up(&web.home.data()).await;
    assert_eq!(web.process().await["starts"], 1);
    web.home.succeed(["backup", "copy"]).await;
    assert_eq!(up.terminate().await, Some(0));

    let restored = web.home.path("restored");
    let named = ["restore", "copy", "--data-dir", restored.to_str().unwrap()];
    web.home.succeed(named).await;
    let (up, _) = web.up(&restored).await;
    assert_eq!(web.process().await["starts"], 2);
    assert_eq!(up.terminate().await, Some(0));
}

#[tokio::test]
async fn the_doctor_looks_at_it() {
    let web = WebHome::new();
    let (up, _) = web.up(&web.home.data()).await;
    let said = web.home.succeed(["doctor"]).await;
    let port = web.port();
    let answers =
        format!("ok       web app: http://localhost:{port} answers, at 127.0.0.1:{port}\n");
    assert!(said.contains(&answers), "{said}");
    assert_eq!(up.terminate().await, Some(0));

    let doctor = async |folder: &str| {
        let mut command = web.home.errand();
        command
            .args(["doctor", "--port-base", &free_ports().to_string()])
            .env("ERRAND_WEB_PORT", port.to_string())
            .env("ERRAND_WEB_FOLDER", folder);
        crate::process::ended(command).await
    };
    let said = doctor("web").await;
    assert!(
        said.stdout.contains("ok       web app: web is built"),
        "{said:?}"
    );
    let said = doctor("nowhere").await;
    assert_eq!(said.code, Some(1), "{said:?}");
    let words = "nowhere is no built web app, it has no server.js";
    assert!(said.stdout.contains(words), "{said:?}");
}

#[tokio::test]
async fn its_own_command_does_what_is_to_be_done_about_users() {
    let web = WebHome::new();
    let unknown = web.home.run(["user", "invite"]).await;
    assert_eq!(unknown.code, Some(64), "{unknown:?}");
    assert!(unknown.stderr.contains("--web FOLDER"), "{unknown:?}");

    let said = web.home.succeed(["user", "invite", "--web", "web"]).await;
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["arguments"], serde_json::json!(["invite"]));
    assert_eq!(said["ERRAND_WEB_URL"], "http://localhost:3000");

    // One that runs need not be named.
    let (up, _) = web.up(&web.home.data()).await;
    let said = web.home.succeed(["user", "reset", "ann@example.org"]).await;
    let said: Value = serde_json::from_str(&said).unwrap();
    let database = format!("sqlite://{}", web.home.data().join("web.db").display());
    assert_eq!(
        said,
        serde_json::json!({
            "arguments": ["reset", "ann@example.org"],
            "ERRAND_WEB_DATABASE_URL": database,
            "ERRAND_WEB_URL": format!("http://localhost:{}", web.port()),
        })
    );
    let failed = web.home.run(["user", "reset", "nobody@example.org"]).await;
    assert_eq!(failed.code, Some(1), "{failed:?}");
    assert_eq!(up.terminate().await, Some(0));
}

#[tokio::test]
async fn without_one_nothing_is_said_of_it() {
    let home = Home::new();
    let up = home.up(&home.data()).await;
    let said = home.succeed(["doctor"]).await;
    assert!(!said.contains("web"), "{said}");
    home.succeed(["backup", "copy"]).await;
    assert!(!home.path("copy/web.db").exists());
    assert_eq!(up.terminate().await, Some(0));
}

/// Lists tasks as the web app does, by its sidecar, and says how many there are.
async fn list(port: &str, api_token: Option<&str>, token: &str) -> Result<usize, Status> {
    let address = format!("http://127.0.0.1:{port}");
    let mut client = TaskServiceClient::connect(address).await.unwrap();
    let mut request = Request::new(ListTasksRequest::default());
    let metadata = request.metadata_mut();
    metadata.insert("dapr-app-id", "backend-api".parse().unwrap());
    metadata.insert("authorization", format!("Bearer {token}").parse().unwrap());
    if let Some(api_token) = api_token {
        metadata.insert("dapr-api-token", api_token.parse().unwrap());
    }
    let answer = client.list_tasks(request).await?;
    Ok(answer.into_inner().tasks.len())
}

/// Ends the web app's process outright.
async fn kill(process: &Value) {
    let pid = process["pid"].to_string();
    let sent = Command::new("kill").args(["-KILL", &pid]).status().await;
    assert!(sent.unwrap().success());
}

fn assert_refused(ended: &Ended, parts: &[&str]) {
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(1), ""),
        "{ended:?}"
    );
    for part in parts {
        assert!(ended.stderr.contains(part), "{part}: {ended:?}");
    }
}
