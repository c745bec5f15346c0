//! Lists, a page at a time.

use domain::{Description, NewTask, Task, Title};
use jiff::SignedDuration;
use serde_json::{Value, json};
use service_kit::testing::Database;

use crate::served::{ALICE, Api, titles, user};

service_kit::on_every_database!(
    pages_hold_every_task_once_in_every_order,
    a_task_that_comes_and_goes_between_pages_disturbs_no_other,
    a_page_token_belongs_to_its_filter_and_order,
    a_page_token_that_was_touched_opens_nothing,
    a_page_holds_a_hundred_tasks_unless_asked_and_five_hundred_at_most,
    a_page_of_long_texts_holds_fewer_tasks,
    filters_hold_together,
    days_are_counted_in_the_zone_of_the_profile,
    the_trash_is_shown_only_if_asked_for,
);

const ORDERS: [&str; 11] = [
    "",
    "created_at",
    "created_at desc",
    "updated_at",
    "updated_at desc",
    "due",
    "due desc",
    "priority",
    "priority desc",
    "title",
    "title desc",
];

/// The titles of all pages, in their order.
async fn all_pages(api: &Api, mut request: Value) -> Vec<String> {
    let mut all = Vec::new();
    loop {
        let page = api.ok("ListTasks", request.clone()).await;
        let titles = titles(&page);
        assert!(titles.len() <= 3, "{titles:?}");
        all.extend(titles);
        match page.get("next_page_token") {
            None => return all,
            Some(token) => request["page_token"] = token.clone(),
        }
    }
}

/// Eight tasks that share much.
async fn some_tasks(api: &Api) {
    let priorities = ["PRIORITY_LOW", "PRIORITY_MEDIUM", "PRIORITY_HIGH"];
    for number in 0..8 {
        let mut task = json!({
            "title": format!("task {}", (number * 5) % 8),
            "priority": priorities[number % 3],
        });
        if number % 2 == 0 {
            let time = format!("2026-04-{:02}T09:00:00Z", 10 - number / 4);
            task["due"] = json!({ "time": time });
        }
        api.create(task).await;
        if number % 3 == 0 {
            api.advance(SignedDuration::from_secs(1));
        }
    }
}

async fn pages_hold_every_task_once_in_every_order(database: Database) {
    let api = Api::start(database).await;
    some_tasks(&api).await;
    for order in ORDERS {
        let whole = api.titles(json!({ "order_by": order })).await;
        assert_eq!(whole.len(), 8);
        let request = json!({ "order_by": order, "page_size": 3 });
        assert_eq!(all_pages(&api, request).await, whole, "{order}");
    }
    let by_title = api.titles(json!({ "order_by": "title" })).await;
    assert!(by_title.is_sorted());
    let newest_first = api.titles(json!({})).await;
    assert_eq!(
        newest_first,
        api.titles(json!({ "order_by": "created_at desc" })).await
    );
    // Those without a due come last either way.
    let is_dated = |titles: &[String]| -> Vec<bool> {
        titles
            .iter()
            .map(|title| ["task 0", "task 2", "task 4", "task 6"].contains(&title.as_str()))
            .collect()
    };
    let dated_first = [true, true, true, true, false, false, false, false];
    for order in ["due", "due desc"] {
        let titles = api.titles(json!({ "order_by": order })).await;
        assert_eq!(is_dated(&titles), dated_first, "{order}");
    }
}

async fn a_task_that_comes_and_goes_between_pages_disturbs_no_other(database: Database) {
    let api = Api::start(database).await;
    for title in ["b", "d", "f", "h"] {
        api.create_titled(title).await;
    }
    let mut request = json!({ "order_by": "title", "page_size": 2 });
    let first = api.ok("ListTasks", request.clone()).await;
    assert_eq!(titles(&first), ["b", "d"]);
    // The last one of the page goes, one comes before and one after it.
    let last = json!({ "id": first["tasks"][1]["id"] });
    api.ok("DeleteTask", last).await;
    api.create_titled("a").await;
    api.create_titled("e").await;
    request["page_token"] = first["next_page_token"].clone();
    let second = api.ok("ListTasks", request).await;
    assert_eq!(titles(&second), ["e", "f"]);
}

async fn a_page_token_belongs_to_its_filter_and_order(database: Database) {
    let api = Api::start(database).await;
    some_tasks(&api).await;
    let request = json!({ "page_size": 2, "filter": { "search": "task" }, "order_by": "title" });
    let token = api.ok("ListTasks", request.clone()).await["next_page_token"].clone();
    let changes = [
        json!({ "order_by": "title desc" }),
        json!({ "order_by": "" }),
        json!({ "filter": null }),
        json!({ "filter": { "search": "tasks" } }),
        json!({ "filter": { "search": "task", "trash": "TRASH_FILTER_INCLUDE" } }),
    ];
    for change in changes {
        let mut other = request.clone();
        let members = other.as_object_mut().unwrap();
        members.extend(change.as_object().unwrap().clone());
        other["page_token"] = token.clone();
        let refusal = api.refused("ListTasks", other).await;
        let refused = ("InvalidArgument", "INVALID_PAGE_TOKEN", vec!["page_token"]);
        assert_eq!(refusal.outline(), refused, "{change}");
    }
    // Another size is the same list.
    let mut larger = request;
    larger["page_token"] = token;
    larger["page_size"] = json!(6);
    let rest = api.titles(larger).await;
    assert_eq!(
        rest,
        ["task 2", "task 3", "task 4", "task 5", "task 6", "task 7"]
    );
}

async fn a_page_token_that_was_touched_opens_nothing(database: Database) {
    let api = Api::start(database).await;
    some_tasks(&api).await;
    let page = api.ok("ListTasks", json!({ "page_size": 2 })).await;
    let token = page["next_page_token"].as_str().unwrap();
    let (start, end) = token.split_at(token.len() / 2);
    let other = if end.starts_with('A') { 'B' } else { 'A' };
    let forged = [
        "x".to_owned(),
        "not a token, and a long one: ".repeat(50),
        start.to_owned(),
        format!("{token}A"),
        format!("{start}{other}{}", &end[1..]),
    ];
    for token in forged {
        let request = json!({ "page_size": 2, "page_token": token });
        let refusal = api.refused("ListTasks", request).await;
        assert_eq!(refusal.reason, "INVALID_PAGE_TOKEN", "{token}");
    }
}

/// Stores tasks in one transaction.
async fn store_tasks(api: &Api, count: usize, description: &str) {
    let kit = &api.kit.kit;
    let (mut ids, zone) = (kit.ids(), "UTC".parse().unwrap());
    let tx = kit.store().unwrap().begin().await.unwrap();
    for number in 0..count {
        let new = NewTask {
            description: Description::parse(description).unwrap(),
            ..NewTask::titled(Title::parse(&format!("{number}")).unwrap())
        };
        let created = Task::create(new, user(ALICE), &zone, kit.now(), &mut ids).unwrap();
        tx.task_insert(&created.after).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn a_page_holds_a_hundred_tasks_unless_asked_and_five_hundred_at_most(database: Database) {
    let api = Api::start(database).await;
    store_tasks(&api, 501, "").await;
    for (asked, held) in [(0, 100), (1, 1), (500, 500), (501, 500), (i32::MAX, 500)] {
        let page = api.ok("ListTasks", json!({ "page_size": asked })).await;
        assert_eq!(titles(&page).len(), held, "{asked}");
        assert!(page.get("next_page_token").is_some());
    }
}

async fn a_page_of_long_texts_holds_fewer_tasks(database: Database) {
    let api = Api::start(database).await;
    // 40 kB each: 60 of them are more than the 2 MiB that a page has room for.
    store_tasks(&api, 60, &"𝄞".repeat(10_000)).await;
    let request = json!({ "page_size": 100 });
    let first = api.ok("ListTasks", request.clone()).await;
    assert_eq!(titles(&first).len(), 52);
    let next = json!({ "page_size": 100, "page_token": first["next_page_token"] });
    let second = api.ok("ListTasks", next).await;
    assert_eq!(titles(&second).len(), 8);
    assert_eq!(second.get("next_page_token"), None);
}

async fn filters_hold_together(database: Database) {
    let api = Api::start(database).await;
    let milk = api
        .create(json!({
            "title": "Buy MILK",
            "description": "50% off",
            "category": "home",
            "priority": "PRIORITY_HIGH",
            "tags": ["shop", "soon"],
        }))
        .await;
    api.create(json!({ "title": "Milk the cow", "category": "work", "tags": ["soon"] }))
        .await;
    let done = api.create_titled("Buy bread").await;
    api.ok("CompleteTask", json!({ "id": done })).await;
    let cases = [
        (
            json!({ "search": "milk" }),
            vec!["Buy MILK", "Milk the cow"],
        ),
        (json!({ "search": "milk 50%" }), vec!["Buy MILK"]),
        (json!({ "search": "m_lk" }), vec![]),
        (json!({ "tags": ["Soon", "SHOP"] }), vec!["Buy MILK"]),
        (
            json!({ "categories": ["work", "home"] }),
            vec!["Buy MILK", "Milk the cow"],
        ),
        (
            json!({ "priorities": ["PRIORITY_HIGH"], "search": "cow" }),
            vec![],
        ),
        (
            json!({ "statuses": ["TASK_STATUS_COMPLETED"] }),
            vec!["Buy bread"],
        ),
        (
            json!({ "statuses": ["TASK_STATUS_COMPLETED", "TASK_STATUS_PENDING"], "search": "buy" }),
            vec!["Buy MILK", "Buy bread"],
        ),
        (
            json!({ "due": { "undated": true }, "search": "cow" }),
            vec!["Milk the cow"],
        ),
    ];
    for (filter, expected) in cases {
        let request = json!({ "filter": filter, "order_by": "title" });
        let mut found = api.titles(request).await;
        found.sort();
        assert_eq!(found, expected, "{filter}");
    }
    assert_eq!(milk["category"], "home");
}

async fn days_are_counted_in_the_zone_of_the_profile(database: Database) {
    let api = Api::start(database).await;
    // On the third of March in Auckland, on the second everywhere west of it.
    let evening = json!({ "time": "2026-03-02T11:30:00Z" });
    api.create(json!({ "title": "evening", "due": evening }))
        .await;
    let all_day = json!({ "date": { "year": 2026, "month": 3, "day": 2 } });
    api.create(json!({ "title": "all day", "due": all_day }))
        .await;
    let day = |day: u8| json!({ "year": 2026, "month": 3, "day": day });
    let second = json!({ "first_date": day(2), "last_date": day(2) });
    let on_second = || json!({ "filter": { "due": second }, "order_by": "title" });
    assert_eq!(api.titles(on_second()).await, ["all day", "evening"]);
    let mut given = second.clone();
    given["time_zone"] = json!("Pacific/Auckland");
    let given = json!({ "filter": { "due": given }, "order_by": "title" });
    assert_eq!(api.titles(given).await, ["all day"]);
    let moved = json!({ "profile": { "time_zone": "Pacific/Auckland" } });
    api.ok("UpdateProfile", moved).await;
    assert_eq!(api.titles(on_second()).await, ["all day"]);
    // It is still the second in Auckland, too; four hours later it is not.
    let overdue = || json!({ "filter": { "due": { "overdue": true } }, "order_by": "title" });
    assert_eq!(api.titles(overdue()).await, [""; 0]);
    api.advance(SignedDuration::from_hours(4));
    assert_eq!(api.titles(overdue()).await, ["all day", "evening"]);
}

async fn the_trash_is_shown_only_if_asked_for(database: Database) {
    let api = Api::start(database).await;
    api.create_titled("kept").await;
    let deleted = api.create_titled("deleted").await;
    api.ok("DeleteTask", json!({ "id": deleted })).await;
    let cases = [
        ("TRASH_FILTER_UNSPECIFIED", vec!["kept"]),
        ("TRASH_FILTER_EXCLUDE", vec!["kept"]),
        ("TRASH_FILTER_INCLUDE", vec!["deleted", "kept"]),
        ("TRASH_FILTER_ONLY", vec!["deleted"]),
    ];
    for (trash, expected) in cases {
        let request = json!({ "filter": { "trash": trash }, "order_by": "title" });
        assert_eq!(api.titles(request).await, expected, "{trash}");
    }
}
