# What `sqm explain` says, in English. The words are those of the glossary: standard, limit, objective, clock, journey.
# Each key takes the arguments that domain/explanations/statements.py and domain/wording/vocabulary.py name, in all
# languages the same.

language = English

## Labels and headings

label-who = who
label-standard = standard
label-why = because
label-zone = times in
label-id = id
heading-reported = What was reported
heading-reported-on = What was reported ({ $day })
heading-clock = How the clock ran
heading-judgement = Why it was judged so
heading-remedies = What would have kept the standard
heading-corrections = Corrections since
heading-remarks = Worth knowing
reported = { $what }: { $effect }
stretch = { $length }, { $why }

## Numbers with their units, and instants

unit-days = { $n } d
unit-hours = { $n } h
unit-minutes = { $n } min
unit-seconds = { $n } s
unit-tenths = { $n }.{ $tenth } s
unit-milliseconds = { $n } ms
percent = { $n }%
percent-decimals = { $n }.{ $decimals }%
points =
    { $n ->
        [one] { $n } point
       *[other] { $n } points
    }
points-decimals = { $n }.{ $decimals } points
day =
    { $month ->
        [1] { $day } January { $year }
        [2] { $day } February { $year }
        [3] { $day } March { $year }
        [4] { $day } April { $year }
        [5] { $day } May { $year }
        [6] { $day } June { $year }
        [7] { $day } July { $year }
        [8] { $day } August { $year }
        [9] { $day } September { $year }
        [10] { $day } October { $year }
        [11] { $day } November { $year }
       *[12] { $day } December { $year }
    }
day-time = { $day }, { $time }
time-millis = { $time }.{ $millis }

## Headlines of measurements

measured-kept =
    { $measure ->
        [waited] Kept: { $journey } at { $site } waited { $value }; the limit is { $limit }; { $margin }
       *[took] Kept: { $journey } at { $site } took { $value }; the limit is { $limit }; { $margin }
    }
measured-broken =
    { $measure ->
        [waited] Not kept: { $journey } at { $site } waited { $value }; the limit is { $limit }; { $margin }
       *[took] Not kept: { $journey } at { $site } took { $value }; the limit is { $limit }; { $margin }
    }
measured-abandoned = Left: { $journey } at { $site } left after { $value }; the limit is { $limit }; { $margin }
measured-cancelled = No verdict: { $journey } at { $site }: the contact was called off after { $value }
measured-expired = No verdict: { $journey } at { $site }: nothing was heard of it for { $value }, so the clock was given up
measured-retired = No verdict: { $journey } at { $site }: the standard was retired when the clock showed { $value }
measured-implausible =
    { $too ->
        [short] No verdict: { $journey } at { $site }: { $value } is too short to be true
       *[long] No verdict: { $journey } at { $site }: { $value } is too long to be true
    }
measured-withdrawn = Withdrawn: { $journey } at { $site }: a later report shows that this clock never ran
measured-taken-back = Withdrawn: { $journey } at { $site }: after a later report what was said about it no longer holds
ended-abandoned = No verdict: { $journey } at { $site }: the customer left before the end
ended-cancelled = No verdict: { $journey } at { $site }: the contact was called off
ended-expired = No verdict: { $journey } at { $site }: its end was never reported
ended-retired = No verdict: { $journey } at { $site }: the standard was retired before the end
rate-counted = Counted: { $journey } at { $site } is one of those that the standard counts
rate-event = Counted: { $journey } at { $site }: { $what }
rate-settled = Kept: { $journey } at { $site }: the contact settled it; the customer had not come back by { $until }
rate-returned = Not kept: { $journey } at { $site }: the contact did not settle it; the customer came back: { $back }
score-told = Scored: { $journey } at { $site }: { $score }
score-kept = Kept: { $journey } at { $site } scored { $score }; the minimum is { $minimum }
score-broken = Not kept: { $journey } at { $site } scored { $score }; the minimum is { $minimum }
score-unknown = Scored: { $journey } at { $site }: the score was not passed on
steps-kept = Kept: { $journey } at { $site }: no step was missing, late, repeated or out of order
steps-broken =
    { $more ->
        [0] Not kept: { $journey } at { $site }: { $fault }
        [one] Not kept: { $journey } at { $site }: { $fault }; and { $more } more fault
       *[other] Not kept: { $journey } at { $site }: { $fault }; and { $more } more faults
    }
margin-over = over by { $by }
margin-spare = { $by } to spare
margin-none = exactly on the limit, which still keeps it

## Headlines of violations and risks

violation-running = Not kept and still running: { $journey } at { $site } has passed the limit of { $limit }
violation-closed =
    { $measure ->
        [waited] Not kept: { $journey } at { $site } waited { $value }; the limit is { $limit }; { $margin }
       *[took] Not kept: { $journey } at { $site } took { $value }; the limit is { $limit }; { $margin }
    }
violation-retracted = Retracted: { $journey } at { $site }: { $reason }
risk-running = At risk: { $journey } at { $site }: { $reason }
risk-over = No longer at risk: { $journey } at { $site }: { $reason }
risk-broken = Not kept after the warning: { $journey } at { $site }: { $reason }
risk-never-was = Taken back: { $journey } at { $site } was never at risk: { $reason }
steps-running =
    { $more ->
        [0] Not kept and still going on: { $journey } at { $site }: { $fault }
        [one] Not kept and still going on: { $journey } at { $site }: { $fault }; and { $more } more fault
       *[other] Not kept and still going on: { $journey } at { $site }: { $fault }; and { $more } more faults
    }
silence-running = Silent: { $journey } at { $site } has given no sign since { $since }
silence-over = No longer silent: { $journey } at { $site } gave no sign between { $since } and { $until }
silence-forgotten = Forgotten: { $journey } at { $site } has given no sign since { $since }, so nobody waits for it any more
silence-retired = No longer awaited: { $journey } at { $site } has given no sign since { $since }; the standard was retired
reason-limit-passed = the limit passed while the clock was still running
reason-warning-passed = the clock has used so much of its limit that the standard is at risk
reason-ended-late = the clock ended only after its limit had passed
reason-ended = the clock has ended
reason-expired = nothing was heard for so long that the clock was given up
reason-cancelled = the contact was called off, so no standard applies
reason-abandoned-late = the customer left after the limit had passed
reason-due-moved = a later report moved the instant at which the limit passes
reason-ended-in-time = a later report shows that the clock ended in time
reason-no-such-clock = a later report shows that this clock never ran
reason-violated = the limit has passed, so the standard is no longer at risk but not kept
reason-implausible = the value is not plausible, so it says nothing about the service
reason-standard-retired = the standard was retired, so its clocks ended
reason-target-missed = the figure of the window misses its target
reason-target-kept = the figure of the window keeps its target again
reason-too-few = too little was counted in the window for its figure to say anything
reason-no-data = nothing was counted in the window, so it has no figure
reason-window-over = the window is over, and its figure missed the target to the end
reason-standard-over = this version of the standard is no longer in force
reason-burning = the error budget is spent so fast that somebody should look
reason-burn-over = the error budget is no longer spent so fast
reason-inhibited = a faster burn is told instead

## Headlines of many journeys together

objective-missed = Target missed: { $scope }, over { $window }: { $figure }
objective-failed = Target not reached: { $scope }, over { $window }: { $figure }
objective-over = Target no longer missed: { $scope }, over { $window }: { $reason }
burn-running = Error budget burning ({ $tier }): { $scope }, budget of { $window }
burn-ended = Error budget no longer burning: { $scope }, budget of { $window }: { $reason }
scope-queue = queue { $queue } of { $site }
scope-site = site { $site }
scope-region = region { $region }
scope-organisation = the whole organisation
window-rolling = the last { $length }
window-hour = the hour
window-day-part = the part of the day
window-day = the day
window-week = the week
window-month = the month
figure-share = { $metric } { $share } ({ $good } of { $total })
figure-mean = { $metric } { $value } (of { $total })
figure-percentile = { $metric } { $value } ({ $good } of { $total } within { $target }, { $share })
figure-none = no figure, for nothing was counted
reason-below-minimum = the score is below the minimum for a single one
reason-step-missing = a step is missing
reason-step-late = a step is late
reason-step-repeated = a step was repeated
reason-step-out-of-order = a step came out of order
reason-silent = the next sign did not come in time
reason-reported-again = a sign came again
reason-forgotten = no sign came for so long that nobody waits for one any more
reason-not-broken = a later report shows that the standard was not broken
reason-nothing-to-judge = a later report shows that there was nothing to judge

## Who, and which standard

about-journey = { $journey } at { $site }
about-queue = queue { $value }
about-channel = channel { $value }
about-service = service { $value }
about-segment = segment { $value }
about-priority = priority { $value }
about-employee = employee { $value }
about-team = team { $value }
about-reopened =
    { $times ->
        [one] reopened { $times } time
       *[other] reopened { $times } times
    }
about-restarted =
    { $times ->
        [one] its clock started again { $times } time
       *[other] its clock started again { $times } times
    }
standard-titled = { $title }: limit { $limit } ({ $id }, version { $version })
standard-untitled = limit { $limit } ({ $id }, version { $version })
standard-business-days = { $title }: limit by the close of business day { $days } after its start ({ $id }, version { $version })
standard-measured =
    { $kind ->
        [rate] { $title }: a rate ({ $id }, version { $version })
        [score] { $title }: a score ({ $id }, version { $version })
        [sequence] { $title }: steps in order ({ $id }, version { $version })
       *[presence] { $title }: who should report ({ $id }, version { $version })
    }
standard-promised = { $title }: limit as promised to the customer ({ $id }, version { $version })
standard-here = for this one that is { $limit }
standard-bare = { $id }, version { $version }
standard-minimum = a single one scores at least { $minimum }
standard-steps = steps: { $steps }
standard-course = course { $course }: { $steps }
standard-every = a sign at least every { $limit }
target-for-every =
    { $n ->
        [hundred] { $number } for every hundred
       *[thousand] { $number } for every thousand
    }
objective-of-cases =
    { $side ->
        [at_most] objective { $metric } at most { $target } over { $window }, { $least ->
            [one] from { $least } case on
           *[other] from { $least } cases on
        }
       *[at_least] objective { $metric } at least { $target } over { $window }, { $least ->
            [one] from { $least } case on
           *[other] from { $least } cases on
        }
    }
objective =
    { $side ->
        [at_most] objective { $metric } at most { $target } over { $window }, { $least ->
            [one] from { $least } journey on
           *[other] from { $least } journeys on
        }
       *[at_least] objective { $metric } at least { $target } over { $window }, { $least ->
            [one] from { $least } journey on
           *[other] from { $least } journeys on
        }
    }
standard-of-many = { $title } ({ $id }, version { $version })
standard-of-many-untitled = { $id }, version { $version }
calendar = calendar { $calendar }: time outside of its hours does not count
band = band { $band }

## What was reported

event-journey-arrived = arrived
event-journey-called = was called
event-journey-transferred = was handed over
event-journey-abandoned = left before being served
event-journey-cancelled = contact was called off
event-journey-reopened = contact began again
event-journey-merged = went on as part of another contact
event-service-started = service began
event-service-paused = work was paused
event-service-resumed = work went on
event-service-completed = was served
event-milestone-reached = reached a milestone
event-message-exchanged = a message was written
event-complaint-opened = a complaint was received
event-complaint-acknowledged = the complaint was acknowledged
event-complaint-responded = the complaint was answered
event-complaint-resolved = the complaint was resolved
event-complaint-reopened = the complaint was opened again
event-complaint-withdrawn = the complaint was withdrawn
event-feedback-received = feedback was received
event-observation-recorded = the service was observed
event-sale-completed = a sale was made
event-sale-lost = a sale was lost
event-return-processed = a return was processed
event-incident-reported = an incident was reported
event-staff-state-changed = an employee changed state
event-staff-survey-answered = an employee answered a survey
event-suggestion-submitted = a suggestion was submitted
event-source-heartbeat = the source said that it is there
event-other = { $type }
role-arrive = the contact begins
role-start = starts the clock
role-stop = stops the clock
role-abandon = ends the clock: the customer left
role-cancel = makes the clock void
role-pause = pauses the clock
role-resume = lets the clock run on
role-step = a step
role-count = is counted
role-of = is what is counted of
role-other = does nothing to this clock
role-start-steps = the steps begin
role-stop-steps = the steps end
role-abandon-steps = ends the steps: the customer left
role-cancel-steps = makes the steps void
role-other-steps = is no step
role-score = is scored
role-contact = the contact
role-return = the customer came back
role-sign = a sign

## How the clock ran

stretch-counts = counts
stretch-paused = paused, does not count
stretch-closed = closed, does not count
stretch-closed-for = closed ({ $name }), does not count
stretch-holiday = holiday, does not count
stretch-holiday-named = holiday ({ $name }), does not count

## Why it was judged so

value-formula = The clock counted { $value }: the end { $ended } less the start { $started }.
value-formula-less = The clock counted { $value }: the end { $ended } less the start { $started } less { $left_out } that did not count.
judged-reason = { $reason }.
judged-against =
    { $verdict ->
        [kept] That is within the limit of { $limit }, so the standard was kept.
       *[broken] That is beyond the limit of { $limit }, so the standard was not kept.
    }
judged-abandoned =
    { $side ->
        [within] The customer left within the limit of { $limit }; how that counts depends on the objective’s metric.
       *[beyond] The customer left beyond the limit of { $limit }; how that counts depends on the objective’s metric.
    }
judged-unended = A clock that nobody stopped says nothing about the standard.
judged-retired = The standard was retired while the clock ran, so there is no verdict.
judged-implausible = The value lies outside what the standard calls plausible, so there is no verdict.
judged-withdrawn = What was said about this clock no longer holds.
judged-figure = The figure: { $figure }.
judged-figure-over = The figure over { $window }: { $figure }.
held-since = It has been so since { $since }.
held-between = It was so from { $since } to { $until }.
pace-gone-by = At this pace the { $allowed } that { $window } allows to go wrong is gone by { $by }.
pace-gone = The { $allowed } that { $window } allows to go wrong is gone.
pace-lasts = At this pace the { $allowed } that { $window } allows to go wrong lasts.
judged-taken-back = What was said about it no longer holds.
why-said = { $text }
why-cut = There was more to it than is kept here.
unfinished-abandoned = The customer left before the end, so it is in no figure; steps that were still to come are nobody’s fault.
unfinished-cancelled = The contact was called off, so it is in no figure.
unfinished-expired = Its end was never reported, so it is in no figure.
unfinished-retired = The standard was retired before the end, so it is in no figure.
rate-alone = By itself one neither keeps nor breaks the standard; how many there are decides.
rate-of =
    { $per ->
        [journey] It is counted of the contacts with this event: { $what }.
       *[event] It is counted of the events of this type: { $what }.
    }
rate-reason = The reason that was stated: { $reason }.
rate-contact = The contact that had to settle it: { $at }.
rate-window = a contact has settled it if the customer does not come back within { $within }
rate-quiet = By { $at } the customer had not come back, so the standard was kept.
rate-again = The customer came back too soon, so the standard was not kept: { $at }.
score-value =
    { $of ->
        [checklist] The checklist earned { $score } of the weight that applied.
        [nothing] The checklist earned { $score } of the weight that applied: nothing was passed, or a critical item was failed.
       *[answer] The answer scored { $score }.
    }
score-alone = There is no minimum for a single one, so by itself it neither keeps nor breaks the standard.
score-reached = That reaches the minimum ({ $minimum }), so the standard was kept.
score-below = That is below the minimum ({ $minimum }), so the standard was not kept.
steps-span = The steps were followed from { $started } to { $ended }.
steps-course = It was held to the course that it keeps best: { $course }.
steps-all-taken = Every step that had to be taken was taken, in order and in time, so the standard was kept.
steps-not-kept = So the standard was not kept.
fault-missing = step { $step } is missing; it should have been taken by { $at }
fault-late = step { $step } was not taken in time; it should have been taken by { $at }
fault-repeated = step { $step } was taken once more: { $at }
fault-out-of-order = step { $step } was taken only after a later one: { $at }
fault-unknown = the steps were not kept
silence-due = At most { $limit } may pass between two signs; the next one was due by { $due }.
silence-last = The last sign before the silence: { $since }.
noticed = It was noticed { $after } after the limit had passed.
shows = The clock showed { $value }; the limit is { $limit }.
warned = The warning came when the clock showed { $value }; the limit is { $limit }.
metric-formula =
    { $metric ->
        [goal_met] The formula: { $metric } = stopped within the limit / stopped and plausible
        [asa] The formula: { $metric } = sum of waits of the answered / N
       *[other] The formula: { $metric } = { $formula }
    }
counted-answered =
    { $side ->
        [within] It counts among the answered (N) and, of these, among those within the limit (A_T).
       *[beyond] It counts among the answered (N), but not among those within the limit (A_T).
    }
counted-abandoned =
    { $side ->
        [within] It counts among the abandoned (B) and, of these, among those within the limit (B_T).
       *[beyond] It counts among the abandoned (B), but not among those within the limit (B_T).
    }
counted-short-abandon = It is a short abandon (B_s): it says nothing about the service, and some metrics leave it out.
counted-implausible = It is counted apart, among the implausible.
counted-cancelled = It is counted apart, among the cancelled.
counted-expired = It is counted apart, among the expired.
counted-retired = It is counted apart, among those whose standard was retired.
counted-nowhere = It is counted nowhere.
counted-both = In { $metric } it counts in the numerator and in the denominator.
counted-below = In { $metric } it counts in the denominator, but not in the numerator.
counted-mean = Its { $value } go into the mean of { $metric }.
counted-percentile = Its { $value } is one of the values of { $metric }.
counted-one = In { $metric } it adds one to what is counted.
counted-score = Its { $score } go into the mean of { $metric }.
counted-likely =
    { $side ->
        [promoter] In { $metric } it counts among the promoters.
        [detractor] In { $metric } it counts among the detractors.
       *[neither] In { $metric } it counts among the answers, neither as promoter nor as detractor.
    }
counted-checklist-score = In { $metric } the weight it earned counts in the numerator, the weight that applied in the denominator.
counted-critical-failures = In { $metric } it counts in the denominator, and in the numerator if a critical item was failed.
counted-left-out = In { $metric } it is left out.

## What would have kept the standard

kept-had-until = It was kept: the clock had until { $due }, which left { $spare } to spare.
kept-with = It was kept with { $spare } to spare.
keep-by = It would have been kept had the clock ended by { $due } at the latest, { $earlier } earlier.
keep-shorter = It would have been kept had the time that counts been { $by } shorter.
keep-abandoned-before = It could have been kept until { $due }, { $left } before the customer left.
keep-abandoned-spare = When the customer left, { $spare } remained in which it could have been kept.
keep-expired = It would have been kept had somebody reported an end by { $due } at the latest.
keep-unended = It would have been kept had somebody reported an end before more than { $limit } had counted.
keep-running = It would have been kept had the clock ended by { $due } at the latest.
keep-at-risk = It is kept if not more than { $left } count from the warning to the end.
keep-settled = It would have been kept had the customer not come back by { $due }.
keep-score = A score of at least { $minimum } would have kept it.
keep-missing = Step { $step } had to be taken by { $due }.
keep-late = Step { $step } had to be taken by { $due } at the latest.
keep-repeated = Step { $step } had to be taken only once.
keep-out-of-order = Step { $step } had to be taken before the later ones.
keep-sign = It would have been kept had a sign come by { $due }.
keep-fewer-wrong = The target would have been kept had { $fewer } fewer of the { $total } gone wrong.
keep-fewer = The target would have been kept had there been { $fewer } fewer for the { $total }.
keep-fewer-longer = The target would have been kept had { $fewer } fewer of the { $total } taken longer than { $target }.
keep-implausible = Values of { $shortest } and more are plausible.
keep-implausible-between = Values from { $shortest } to { $longest } are plausible.

## Corrections, and what is worth knowing

corrected =
    { $times ->
        [one] It has been corrected { $times } time since it was first said.
       *[other] It has been corrected { $times } times since it was first said.
    }
correction = As of { $as_of } it said: { $said }
remark-late = It is about a past that was over when it was reported, so nobody is paged for it.
remark-open-days = Only time within the calendar's hours counts, so a day (d) here is 24 such hours: more than one working day.
remark-live = It says what could be known at that minute; what is reported later changes the figure, not this verdict.

## Messages that tell of alerts

alert-told =
    { $reason ->
        [new] New
        [added] More of it
        [more_severe] Graver than before
        [resolved] Over
        [repeated] Still so
        [escalated] Nobody has acknowledged; it is your turn
        [reminder] You have acknowledged this, and it still is so
        [silence_over] The silence is over, and it still is so
        [mute_over] The quiet time is over, and it still is so
        [inhibition_over] What covered it is over, and it still is so
        [flapping] It begins and ends again and again; its end is told when it is steady
        [steady] It no longer goes up and down, and it still is so
        [digest] Summary of what was held back
        [nobody_on_call] Nobody is on call for this
        [nobody_answered] Nobody has answered
        [handed_over] Handed over to you
        [retracted] Withdrawn: a later report shows that it never was
       *[test] A test; nothing is the matter
    }
alert-severity =
    { $severity ->
        [page] Urgent
        [ticket] Problem
       *[info] Notice
    }
alert-state =
    { $state ->
        [pending] not sure yet
        [acknowledged] acknowledged
        [resolved] over
        [retracted] withdrawn
       *[firing] running
    }
alert-title = { $severity }: { $what } – { $where }
alert-title-over = Over: { $what } – { $where }
alert-others =
    { $n ->
        [one] and { $n } other
       *[other] and { $n } others
    }
alert-open =
    { $n ->
        [one] { $n } case is open now
       *[other] { $n } cases are open now
    }
alert-seen =
    { $n ->
        [one] { $n } case in all
       *[other] { $n } cases in all
    }
alert-more =
    { $n ->
        [one] { $n } more alert is not listed here.
       *[other] { $n } more alerts are not listed here.
    }
alert-held-back =
    { $n ->
        [one] { $n } message was held back before this one.
       *[other] { $n } messages were held back before this one.
    }
alert-since = since { $begun }, for { $length }
alert-lasted = { $begun } to { $ended }, for { $length }
alert-acknowledged = acknowledged by { $owner }
alert-acknowledged-until = acknowledged by { $owner } until { $until }
alert-flapping = It comes and goes: you are told again when it is steady.
alert-acknowledge = Acknowledge
alert-runbook = Instructions
alert-dashboard = Dashboard
alert-label-where = where
alert-label-when = when
alert-label-how-bad = how bad
alert-label-open = how many
alert-label-why = why
alert-label-do = what to do
alert-label-note = note
alert-step = Step { $step } of the escalation.
alert-page =
    { $page ->
        [ask] Acknowledge this alert?
        [take] Take it over?
        [done] Acknowledged
        [used] This link has been used
        [over] Nothing to acknowledge
        [away] Acknowledge this alert?
        [expired] This link has expired
        [malformed] This link is incomplete
       *[forged] This link is not ours
    }
alert-page-text =
    { $page ->
        [ask] You take it on, and nobody else is called. It stays open until the standard is kept again.
        [take] Somebody has it already. If you take it over, it is yours.
        [done] It is yours now. Nobody else is called.
        [used] It does nothing a second time. You see how the alert stands now.
        [over] The alert is over.
        [away] How it stands cannot be shown just now. You can acknowledge it all the same.
        [expired] Links hold for a day. Use the newest message.
        [malformed] Part of it was lost on the way. Use the link of the message as it came.
       *[forged] It was not signed by this service. Use the link of the message as it came.
    }
