//! One test binary; its tree mirrors the commands and the URLs.

mod cli {
    mod backup;
    mod bulletin;
    mod head;
    mod import;
    mod overview;
    mod packs;
    mod plan_check;
    mod policy;
    mod projects;
    mod released;
    mod several_years;
    mod standings;
    mod upgrade;
    mod verify;
    mod what_if;
}
mod pages {
    mod assess;
    mod averages;
    mod base;
    mod board;
    mod bulletins;
    mod claims;
    mod dated_tasks;
    mod errors;
    mod evidence;
    mod export;
    mod failover;
    mod faults;
    mod first_day;
    mod funds;
    mod import;
    mod items;
    mod later_days;
    mod lists;
    mod login;
    mod look;
    mod metrics;
    mod office;
    mod paper;
    mod plan_edit;
    mod plan_making;
    mod plans;
    mod policies;
    mod portfolio;
    mod projects;
    mod publications;
    mod publish;
    mod published;
    mod rank;
    mod report;
    mod rhythms;
    mod rights;
    mod scores;
    mod selections;
    mod serve;
    mod texts;
    mod units;
    mod views;
    mod whole_plan;
    mod year_end;
    mod years;
}
mod plans;
mod project;
