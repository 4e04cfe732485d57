# Что говорит `sqm explain` по-русски. Словарь: standard — стандарт, limit — норматив, objective — цель, clock — отсчёт,
# journey — обращение, site — площадка, measurement — измерение, violation — нарушение.

language = Русский

## Подписи и заголовки

label-who = о ком
label-standard = стандарт
label-why = зачем
label-zone = часовой пояс
label-id = id
heading-reported = Что сообщено
heading-reported-on = Что сообщено ({ $day })
heading-clock = Как шёл отсчёт
heading-judgement = Почему такая оценка
heading-remedies = Что нужно для соблюдения стандарта
heading-corrections = Исправления
heading-remarks = К сведению
reported = { $what }: { $effect }
stretch = { $length }, { $why }

## Числа с единицами и моменты времени

unit-days = { $n } сут
unit-hours = { $n } ч
unit-minutes = { $n } мин
unit-seconds = { $n } с
unit-tenths = { $n },{ $tenth } с
unit-milliseconds = { $n } мс
percent = { $n } %
percent-decimals = { $n },{ $decimals } %
points =
    { $n ->
        [one] { $n } балл
        [few] { $n } балла
        [many] { $n } баллов
       *[other] { $n } балла
    }
points-decimals = { $n },{ $decimals } балла
day =
    { $month ->
        [1] { $day } января { $year } г.
        [2] { $day } февраля { $year } г.
        [3] { $day } марта { $year } г.
        [4] { $day } апреля { $year } г.
        [5] { $day } мая { $year } г.
        [6] { $day } июня { $year } г.
        [7] { $day } июля { $year } г.
        [8] { $day } августа { $year } г.
        [9] { $day } сентября { $year } г.
        [10] { $day } октября { $year } г.
        [11] { $day } ноября { $year } г.
       *[12] { $day } декабря { $year } г.
    }
day-time = { $day }, { $time }
time-millis = { $time },{ $millis }

## Измерения

measured-kept =
    { $measure ->
        [waited] Стандарт соблюдён: { $journey }, площадка { $site }: время ожидания { $value } при нормативе { $limit }; { $margin }
       *[took] Стандарт соблюдён: { $journey }, площадка { $site }: затрачено { $value } при нормативе { $limit }; { $margin }
    }
measured-broken =
    { $measure ->
        [waited] Стандарт нарушен: { $journey }, площадка { $site }: время ожидания { $value } при нормативе { $limit }; { $margin }
       *[took] Стандарт нарушен: { $journey }, площадка { $site }: затрачено { $value } при нормативе { $limit }; { $margin }
    }
measured-abandoned = Клиент ушёл: { $journey }, площадка { $site }: ушёл через { $value } при нормативе { $limit }; { $margin }
measured-cancelled = Без оценки: { $journey }, площадка { $site }: обращение отменено через { $value }
measured-expired = Без оценки: { $journey }, площадка { $site }: за { $value } о завершении не сообщили, отсчёт прекращён
measured-retired = Без оценки: { $journey }, площадка { $site }: стандарт отменён, когда отсчёт показывал { $value }
measured-implausible =
    { $too ->
        [short] Без оценки: { $journey }, площадка { $site }: { $value } — неправдоподобно мало
       *[long] Без оценки: { $journey }, площадка { $site }: { $value } — неправдоподобно много
    }
measured-withdrawn = Отозвано: { $journey }, площадка { $site }: из более позднего сообщения следует, что этого отсчёта не было
measured-taken-back = Отозвано: { $journey }, площадка { $site }: после более позднего сообщения сказанное больше не действует
ended-abandoned = Без оценки: { $journey }, площадка { $site }: клиент ушёл до завершения
ended-cancelled = Без оценки: { $journey }, площадка { $site }: обращение отменено
ended-expired = Без оценки: { $journey }, площадка { $site }: о завершении не сообщили
ended-retired = Без оценки: { $journey }, площадка { $site }: стандарт отменён до завершения
rate-counted = Учтено: { $journey }, площадка { $site }: один из случаев, которые считает стандарт
rate-event = Учтено: { $journey }, площадка { $site }: { $what }
rate-settled = Стандарт соблюдён: { $journey }, площадка { $site }: вопрос решён, до { $until } клиент не обратился снова
rate-returned = Стандарт нарушен: { $journey }, площадка { $site }: вопрос не решён, клиент обратился снова: { $back }
score-told = Оценка: { $journey }, площадка { $site }: { $score }
score-kept = Стандарт соблюдён: { $journey }, площадка { $site }: оценка { $score }, минимум { $minimum }
score-broken = Стандарт нарушен: { $journey }, площадка { $site }: оценка { $score }, минимум { $minimum }
score-unknown = Оценка: { $journey }, площадка { $site }: значение не передано
steps-kept = Стандарт соблюдён: { $journey }, площадка { $site }: шаги выполнены полностью, вовремя и по порядку
steps-broken =
    { $more ->
        [0] Стандарт нарушен: { $journey }, площадка { $site }: { $fault }
        [one] Стандарт нарушен: { $journey }, площадка { $site }: { $fault }; и ещё { $more } нарушение
        [few] Стандарт нарушен: { $journey }, площадка { $site }: { $fault }; и ещё { $more } нарушения
        [many] Стандарт нарушен: { $journey }, площадка { $site }: { $fault }; и ещё { $more } нарушений
       *[other] Стандарт нарушен: { $journey }, площадка { $site }: { $fault }; и ещё { $more } нарушения
    }
margin-over = превышение { $by }
margin-spare = запас { $by }
margin-none = ровно по нормативу, стандарт ещё соблюдён

## Нарушения и угрозы

violation-running = Стандарт нарушен, отсчёт продолжается: { $journey }, площадка { $site }: норматив { $limit } превышен
violation-closed =
    { $measure ->
        [waited] Стандарт нарушен: { $journey }, площадка { $site }: время ожидания { $value } при нормативе { $limit }; { $margin }
       *[took] Стандарт нарушен: { $journey }, площадка { $site }: затрачено { $value } при нормативе { $limit }; { $margin }
    }
violation-retracted = Нарушение снято: { $journey }, площадка { $site }: { $reason }
risk-running = Под угрозой: { $journey }, площадка { $site }: { $reason }
risk-over = Угрозы больше нет: { $journey }, площадка { $site }: { $reason }
risk-broken = Стандарт нарушен после предупреждения: { $journey }, площадка { $site }: { $reason }
risk-never-was = Снято: угрозы не было: { $journey }, площадка { $site }: { $reason }
steps-running =
    { $more ->
        [0] Стандарт нарушен, обслуживание продолжается: { $journey }, площадка { $site }: { $fault }
        [one] Стандарт нарушен, обслуживание продолжается: { $journey }, площадка { $site }: { $fault }; и ещё { $more } нарушение
        [few] Стандарт нарушен, обслуживание продолжается: { $journey }, площадка { $site }: { $fault }; и ещё { $more } нарушения
        [many] Стандарт нарушен, обслуживание продолжается: { $journey }, площадка { $site }: { $fault }; и ещё { $more } нарушений
       *[other] Стандарт нарушен, обслуживание продолжается: { $journey }, площадка { $site }: { $fault }; и ещё { $more } нарушения
    }
silence-running = Нет сигнала: { $journey }, площадка { $site }: последний сигнал { $since }
silence-over = Сигнал есть снова: { $journey }, площадка { $site }: сигналов не было между { $since } и { $until }
silence-forgotten = Больше не ожидается: { $journey }, площадка { $site }: последний сигнал { $since }, дольше его не ждут
silence-retired = Больше не ожидается: { $journey }, площадка { $site }: последний сигнал { $since }, стандарт отменён
reason-limit-passed = норматив истёк, а отсчёт ещё продолжался
reason-warning-passed = израсходована такая доля норматива, что соблюдение стандарта под угрозой
reason-ended-late = отсчёт завершился только после истечения норматива
reason-ended = отсчёт завершён
reason-expired = о завершении так долго не сообщали, что отсчёт прекращён
reason-cancelled = обращение отменено, стандарт к нему не применяется
reason-abandoned-late = клиент ушёл после истечения норматива
reason-due-moved = более позднее сообщение изменило момент истечения норматива
reason-ended-in-time = из более позднего сообщения следует, что отсчёт завершился вовремя
reason-no-such-clock = из более позднего сообщения следует, что этого отсчёта не было
reason-violated = норматив истёк: стандарт уже не под угрозой, а нарушен
reason-implausible = значение неправдоподобно и ничего не говорит об обслуживании
reason-standard-retired = стандарт отменён, поэтому его отсчёты завершены
reason-target-missed = показатель окна не достигает цели
reason-target-kept = показатель окна снова достигает цели
reason-too-few = в окне посчитано слишком мало, чтобы показатель о чём-то говорил
reason-no-data = в окне ничего не учтено, поэтому показателя нет
reason-window-over = окно закончилось, и его показатель до конца не достиг цели
reason-standard-over = эта версия стандарта больше не действует
reason-burning = бюджет ошибок расходуется так быстро, что кому-то следует вмешаться
reason-burn-over = бюджет ошибок больше не расходуется так быстро
reason-inhibited = вместо этого сообщается о более быстром расходе

## Заголовки о многих обращениях вместе

objective-missed = Цель не достигается: { $scope }, в { $window }: { $figure }
objective-failed = Цель не достигнута: { $scope }, в { $window }: { $figure }
objective-over = Недостижение цели закончилось: { $scope }, в { $window }: { $reason }
burn-running = Бюджет ошибок расходуется слишком быстро ({ $tier }): { $scope }, бюджет в { $window }
burn-ended = Бюджет ошибок больше не расходуется слишком быстро: { $scope }, бюджет в { $window }: { $reason }
scope-queue = очередь { $queue }, { $site }
scope-site = площадка { $site }
scope-region = регион { $region }
scope-organisation = вся организация
window-rolling = скользящем окне { $length }
window-hour = календарном часе
window-day-part = части дня
window-day = календарном дне
window-week = календарной неделе
window-month = календарном месяце
figure-share = { $metric } { $share } ({ $good } из { $total })
figure-mean = { $metric } { $value } (из { $total })
figure-percentile = { $metric } { $value } (не дольше { $target }: { $good } из { $total }, { $share })
figure-none = показателя нет, так как ничего не учтено
reason-below-minimum = оценка ниже минимума для одного случая
reason-step-missing = шаг пропущен
reason-step-late = шаг не выполнен вовремя
reason-step-repeated = шаг выполнен повторно
reason-step-out-of-order = шаг выполнен не в свою очередь
reason-silent = следующий сигнал не пришёл вовремя
reason-reported-again = сигнал пришёл снова
reason-forgotten = сигнала не было так долго, что его больше не ждут
reason-not-broken = из более позднего сообщения следует, что стандарт не был нарушен
reason-nothing-to-judge = из более позднего сообщения следует, что оценивать было нечего

## О ком и о каком стандарте

about-journey = { $journey }, площадка { $site }
about-queue = очередь { $value }
about-channel = канал { $value }
about-service = услуга { $value }
about-segment = сегмент { $value }
about-priority = приоритет { $value }
about-employee = сотрудник { $value }
about-team = команда { $value }
about-reopened =
    { $times ->
        [one] открыто повторно { $times } раз
        [few] открыто повторно { $times } раза
        [many] открыто повторно { $times } раз
       *[other] открыто повторно { $times } раза
    }
about-restarted =
    { $times ->
        [one] отсчёт начат заново { $times } раз
        [few] отсчёт начат заново { $times } раза
        [many] отсчёт начат заново { $times } раз
       *[other] отсчёт начат заново { $times } раза
    }
standard-titled = { $title }: норматив { $limit } ({ $id }, версия { $version })
standard-untitled = норматив { $limit } ({ $id }, версия { $version })
standard-business-days = { $title }: норматив — до конца { $days }-го рабочего дня после начала ({ $id }, версия { $version })
standard-measured =
    { $kind ->
        [rate] { $title }: показатель ({ $id }, версия { $version })
        [score] { $title }: оценка ({ $id }, версия { $version })
        [sequence] { $title }: шаги по порядку ({ $id }, версия { $version })
       *[presence] { $title }: кто должен подавать сигнал ({ $id }, версия { $version })
    }
standard-promised = { $title }: норматив — срок, обещанный клиенту ({ $id }, версия { $version })
standard-here = в этом случае это { $limit }
standard-bare = { $id }, версия { $version }
standard-minimum = для одного случая не менее: { $minimum }
standard-steps = шаги: { $steps }
standard-course = вариант { $course }: { $steps }
standard-every = сигнал не реже, чем раз в { $limit }
target-for-every =
    { $n ->
        [hundred] { $number } на сотню
       *[thousand] { $number } на тысячу
    }
objective-of-cases =
    { $side ->
        [at_most] цель: { $metric } не более { $target } в { $window }, { $least ->
            [one] начиная с { $least } случая
           *[other] начиная с { $least } случаев
        }
       *[at_least] цель: { $metric } не менее { $target } в { $window }, { $least ->
            [one] начиная с { $least } случая
           *[other] начиная с { $least } случаев
        }
    }
objective =
    { $side ->
        [at_most] цель: { $metric } не более { $target } в { $window }, { $least ->
            [one] начиная с { $least } обращения
           *[other] начиная с { $least } обращений
        }
       *[at_least] цель: { $metric } не менее { $target } в { $window }, { $least ->
            [one] начиная с { $least } обращения
           *[other] начиная с { $least } обращений
        }
    }
standard-of-many = { $title } ({ $id }, версия { $version })
standard-of-many-untitled = { $id }, версия { $version }
calendar = календарь { $calendar }: нерабочее время не учитывается
band = категория { $band }

## Что сообщено

event-journey-arrived = клиент обратился
event-journey-called = клиента вызвали
event-journey-transferred = обращение передано
event-journey-abandoned = клиент ушёл, не дождавшись обслуживания
event-journey-cancelled = обращение отменено
event-journey-reopened = обращение открыто повторно
event-journey-merged = обращение объединено с другим
event-service-started = обслуживание начато
event-service-paused = обслуживание приостановлено
event-service-resumed = обслуживание возобновлено
event-service-completed = обслуживание завершено
event-milestone-reached = пройден этап
event-message-exchanged = отправлено сообщение
event-complaint-opened = жалоба получена
event-complaint-acknowledged = получение жалобы подтверждено
event-complaint-responded = на жалобу дан ответ
event-complaint-resolved = жалоба урегулирована
event-complaint-reopened = жалоба открыта повторно
event-complaint-withdrawn = жалоба отозвана
event-feedback-received = получен отзыв
event-observation-recorded = записано наблюдение за обслуживанием
event-sale-completed = продажа состоялась
event-sale-lost = продажа не состоялась
event-return-processed = оформлен возврат
event-incident-reported = сообщено о происшествии
event-staff-state-changed = сотрудник сменил состояние
event-staff-survey-answered = сотрудник ответил на опрос
event-suggestion-submitted = подано предложение
event-source-heartbeat = источник подтвердил, что работает
event-other = { $type }
role-arrive = начало обращения
role-start = отсчёт начат
role-stop = отсчёт остановлен
role-abandon = отсчёт завершён: клиент ушёл
role-cancel = отсчёт аннулирован
role-pause = отсчёт приостановлен
role-resume = отсчёт возобновлён
role-step = шаг
role-count = учтено
role-of = из этого считают
role-other = на этот отсчёт не влияет
role-start-steps = начало шагов
role-stop-steps = конец шагов
role-abandon-steps = конец шагов: клиент ушёл
role-cancel-steps = шаги аннулированы
role-other-steps = шагом не является
role-score = оценено
role-contact = обращение
role-return = повторное обращение
role-sign = сигнал

## Как шёл отсчёт

stretch-counts = учитывается
stretch-paused = пауза, не учитывается
stretch-closed = нерабочее время, не учитывается
stretch-closed-for = закрыто ({ $name }), не учитывается
stretch-holiday = праздничный день, не учитывается
stretch-holiday-named = праздничный день ({ $name }), не учитывается

## Почему такая оценка

value-formula = Отсчёт показал { $value }: окончание { $ended } минус начало { $started }.
value-formula-less = Отсчёт показал { $value }: окончание { $ended } минус начало { $started } минус неучитываемые { $left_out }.
judged-reason = { $reason }.
judged-against =
    { $verdict ->
        [kept] Это в пределах норматива { $limit }: стандарт соблюдён.
       *[broken] Это больше норматива { $limit }: стандарт нарушен.
    }
judged-abandoned =
    { $side ->
        [within] Клиент ушёл до истечения норматива { $limit }; как это учесть, определяет показатель цели.
       *[beyond] Клиент ушёл после истечения норматива { $limit }; как это учесть, определяет показатель цели.
    }
judged-unended = Отсчёт, который никто не остановил, ничего не говорит о соблюдении стандарта.
judged-retired = Стандарт отменён во время отсчёта, поэтому оценки нет.
judged-implausible = Значение вне пределов, которые стандарт считает правдоподобными, поэтому оценки нет.
judged-withdrawn = Сказанное об этом отсчёте больше не действует.
judged-figure = Показатель: { $figure }.
judged-figure-over = Показатель в { $window }: { $figure }.
held-since = Так продолжается с { $since }.
held-between = Так было с { $since } до { $until }.
pace-gone-by = При таком темпе допустимые в { $window } { $allowed } нарушений будут исчерпаны: { $by }.
pace-gone = Допустимые в { $window } { $allowed } нарушений исчерпаны.
pace-lasts = При таком темпе допустимых в { $window } { $allowed } нарушений хватит.
judged-taken-back = Сказанное об этом больше не действует.
why-said = { $text }
why-cut = Здесь сохранено не всё, что было сказано.
unfinished-abandoned = Клиент ушёл до завершения, поэтому в показатели это не входит; шаги, до которых не дошло, никому не в вину.
unfinished-cancelled = Обращение отменено, поэтому в показатели это не входит.
unfinished-expired = О завершении не сообщили, поэтому в показатели это не входит.
unfinished-retired = Стандарт отменён до завершения, поэтому в показатели это не входит.
rate-alone = Отдельный случай стандарт не соблюдает и не нарушает: решает их число.
rate-of =
    { $per ->
        [journey] Считается из обращений с этим событием: { $what }.
       *[event] Считается из событий этого вида: { $what }.
    }
rate-reason = Указанная причина: { $reason }.
rate-contact = Обращение, при котором вопрос следовало решить: { $at }.
rate-window = вопрос считается решённым, если клиент не обратится снова в течение { $within }
rate-quiet = До { $at } клиент не обратился снова: стандарт соблюдён.
rate-again = Клиент обратился снова слишком рано, стандарт нарушен: { $at }.
score-value =
    { $of ->
        [checklist] Контрольный лист набрал { $score } применимого веса.
        [nothing] Контрольный лист набрал { $score } применимого веса: не выполнено ничего или не выполнен критический пункт.
       *[answer] Оценка в ответе: { $score }.
    }
score-alone = Минимума для одного случая нет: сам по себе он стандарт не соблюдает и не нарушает.
score-reached = Минимум достигнут ({ $minimum }): стандарт соблюдён.
score-below = Это ниже минимума ({ $minimum }): стандарт нарушен.
steps-span = Шаги отслежены с { $started } до { $ended }.
steps-course = Применён вариант, которому ход ближе всего: { $course }.
steps-all-taken = Все обязательные шаги выполнены по порядку и вовремя: стандарт соблюдён.
steps-not-kept = Поэтому стандарт нарушен.
fault-missing = шаг { $step } пропущен, его следовало выполнить не позднее { $at }
fault-late = шаг { $step } не выполнен вовремя, его следовало выполнить не позднее { $at }
fault-repeated = шаг { $step } выполнен повторно: { $at }
fault-out-of-order = шаг { $step } выполнен только после более позднего: { $at }
fault-unknown = шаги не соблюдены
silence-due = Между двумя сигналами может пройти не более { $limit }; следующий ожидался не позднее { $due }.
silence-last = Последний сигнал перед молчанием: { $since }.
noticed = Нарушение замечено через { $after } после истечения норматива.
shows = Отсчёт показывал { $value } при нормативе { $limit }.
warned = Предупреждение дано, когда отсчёт показывал { $value } при нормативе { $limit }.
metric-formula =
    { $metric ->
        [goal_met] Формула: { $metric } = остановлено в пределах норматива / остановлено и правдоподобно
        [asa] Формула: { $metric } = сумма времени ожидания обслуженных / N
        [aht] Формула: { $metric } = сумма времени обработки / обработано
        [rate] Формула: { $metric } = учтено / всего
        [first_contact_resolution] Формула: { $metric } = решено при первом обращении и без повторного в срок / все обращения
        [transfer_rate] Формула: { $metric } = передано / обработано
        [reopen_rate] Формула: { $metric } = открыто повторно / закрыто
        [per_100] Формула: { $metric } = 100 × события / другие события
        [per_1000] Формула: { $metric } = 1000 × события / другие события
        [complaints_per_1000] Формула: { $metric } = 1000 × жалобы / посещения
        [lost_sales_per_100] Формула: { $metric } = 100 × несостоявшиеся продажи / посещения
        [csat_top2] Формула: { $metric } = ответы с двумя высшими оценками / ответы
        [csat_mean] Формула: { $metric } = сумма оценок / ответы
        [nps] Формула: { $metric } = 100 × (сторонники − критики) / ответы
        [ces] Формула: { $metric } = сумма оценок / ответы
        [checklist_score] Формула: { $metric } = набранный вес / применимый вес
        [critical_failures] Формула: { $metric } = листы с невыполненным критическим пунктом / листы
       *[other] Формула: { $metric } = { $formula }
    }
counted-answered =
    { $side ->
        [within] Учтено среди обслуженных (N), в том числе в пределах норматива (A_T).
       *[beyond] Учтено среди обслуженных (N), но не среди обслуженных в пределах норматива (A_T).
    }
counted-abandoned =
    { $side ->
        [within] Учтено среди ушедших (B), в том числе в пределах норматива (B_T).
       *[beyond] Учтено среди ушедших (B), но не среди ушедших в пределах норматива (B_T).
    }
counted-short-abandon = Это короткий уход (B_s): он ничего не говорит об обслуживании, некоторые показатели его исключают.
counted-implausible = Учтено отдельно, среди неправдоподобных.
counted-cancelled = Учтено отдельно, среди отменённых.
counted-expired = Учтено отдельно, среди незавершённых.
counted-retired = Учтено отдельно, среди тех, чей стандарт отменён.
counted-nowhere = Нигде не учитывается.
counted-both = В показателе { $metric } учтено в числителе и в знаменателе.
counted-below = В показателе { $metric } учтено в знаменателе, но не в числителе.
counted-mean = Время { $value } входит в среднее { $metric }.
counted-percentile = Время { $value } — одно из значений показателя { $metric }.
counted-one = В показателе { $metric } добавляет единицу к тому, что считают.
counted-score = В среднее { $metric } входит эта оценка: { $score }.
counted-likely =
    { $side ->
        [promoter] В показателе { $metric } учтено среди сторонников.
        [detractor] В показателе { $metric } учтено среди критиков.
       *[neither] В показателе { $metric } учтено среди ответов, но не среди сторонников и не среди критиков.
    }
counted-checklist-score = В показателе { $metric } набранный вес учтён в числителе, применимый вес — в знаменателе.
counted-critical-failures = В показателе { $metric } учтено в знаменателе, а если не выполнен критический пункт, то и в числителе.
counted-left-out = В показателе { $metric } не учитывается.

## Что нужно для соблюдения стандарта

kept-had-until = Стандарт соблюдён: отсчёт мог продолжаться до { $due }, запас { $spare }.
kept-with = Стандарт соблюдён, запас { $spare }.
keep-by = Стандарт был бы соблюдён, если бы отсчёт завершился не позднее { $due }, то есть на { $earlier } раньше.
keep-shorter = Стандарт был бы соблюдён, если бы учитываемое время было на { $by } короче.
keep-abandoned-before = Соблюсти стандарт можно было до { $due }, за { $left } до ухода клиента.
keep-abandoned-spare = Когда клиент ушёл, до истечения норматива оставалось { $spare }.
keep-expired = Стандарт был бы соблюдён, если бы сообщили о завершении не позднее { $due }.
keep-unended = Стандарт был бы соблюдён, если бы сообщили о завершении до истечения норматива { $limit }.
keep-running = Стандарт был бы соблюдён, если бы отсчёт завершился не позднее { $due }.
keep-at-risk = Стандарт будет соблюдён, если от предупреждения до завершения пройдёт не более { $left }.
keep-settled = Стандарт был бы соблюдён, если бы до { $due } клиент не обратился снова.
keep-score = Стандарт был бы соблюдён при оценке не ниже: { $minimum }.
keep-missing = Шаг { $step } следовало выполнить не позднее { $due }.
keep-late = Шаг { $step } следовало выполнить в срок, не позднее { $due }.
keep-repeated = Шаг { $step } следовало выполнить только один раз.
keep-out-of-order = Шаг { $step } следовало выполнить раньше следующих за ним.
keep-sign = Стандарт был бы соблюдён, если бы сигнал пришёл не позднее { $due }.
keep-fewer-wrong = Цель была бы достигнута, если бы нарушений среди { $total } было на { $fewer } меньше.
keep-fewer = Цель была бы достигнута, если бы случаев на { $total } было на { $fewer } меньше.
keep-fewer-longer = Цель была бы достигнута, если бы значений больше { $target } среди { $total } было на { $fewer } меньше.
keep-implausible = Правдоподобны значения от { $shortest }.
keep-implausible-between = Правдоподобны значения от { $shortest } до { $longest }.

## Исправления и примечания

corrected =
    { $times ->
        [one] С первого сообщения исправлено { $times } раз.
        [few] С первого сообщения исправлено { $times } раза.
        [many] С первого сообщения исправлено { $times } раз.
       *[other] С первого сообщения исправлено { $times } раза.
    }
correction = По состоянию на { $as_of }: { $said }
remark-late = Это о прошлом, которое к моменту сообщения уже закончилось, поэтому никого не вызывают.
remark-open-days = Учитывается только рабочее время, поэтому сутки (сут) здесь — это 24 рабочих часа: больше одного рабочего дня.
remark-live = Здесь сказано то, что можно было знать в ту минуту; поздние сообщения меняют показатель, но не этот вывод.

## Сообщения об оповещениях

alert-told =
    { $reason ->
        [new] Новое
        [added] Добавилось
        [more_severe] Серьёзнее, чем раньше
        [resolved] Закончилось
        [repeated] Всё ещё продолжается
        [escalated] Никто не подтвердил; ваша очередь
        [reminder] Вы это подтвердили, но оно всё ещё продолжается
        [silence_over] Тишина закончилась, а оно всё ещё продолжается
        [mute_over] Время без сообщений закончилось, а оно всё ещё продолжается
        [inhibition_over] То, что его заслоняло, закончилось, а оно всё ещё продолжается
        [flapping] То начинается, то прекращается; об окончании сообщим, когда успокоится
        [steady] Больше не колеблется, но всё ещё продолжается
        [digest] Сводка того, что было придержано
        [nobody_on_call] На это никто не дежурит
        [nobody_answered] Никто не ответил
        [handed_over] Передано вам
        [retracted] Отозвано: позднее сообщение показало, что этого не было
       *[test] Проверка; ничего не случилось
    }
alert-severity =
    { $severity ->
        [page] Срочно
        [ticket] Проблема
       *[info] К сведению
    }
alert-state =
    { $state ->
        [pending] ещё не ясно
        [acknowledged] подтверждено
        [resolved] закончилось
        [retracted] отозвано
       *[firing] продолжается
    }
alert-title = { $severity }: { $what } – { $where }
alert-title-over = Закончилось: { $what } – { $where }
alert-others =
    { $n ->
        [one] и ещё { $n } оповещение
        [few] и ещё { $n } оповещения
        [many] и ещё { $n } оповещений
       *[other] и ещё { $n } оповещения
    }
alert-open =
    { $n ->
        [one] сейчас открыт { $n } случай
        [few] сейчас открыты { $n } случая
        [many] сейчас открыто { $n } случаев
       *[other] сейчас открыто { $n } случая
    }
alert-seen =
    { $n ->
        [one] всего { $n } случай
        [few] всего { $n } случая
        [many] всего { $n } случаев
       *[other] всего { $n } случая
    }
alert-more =
    { $n ->
        [one] Ещё { $n } оповещение здесь не названо.
        [few] Ещё { $n } оповещения здесь не названы.
        [many] Ещё { $n } оповещений здесь не названо.
       *[other] Ещё { $n } оповещения здесь не названо.
    }
alert-held-back =
    { $n ->
        [one] До этого придержано { $n } сообщение.
        [few] До этого придержаны { $n } сообщения.
        [many] До этого придержано { $n } сообщений.
       *[other] До этого придержано { $n } сообщения.
    }
alert-since = с { $begun }, уже { $length }
alert-lasted = с { $begun } до { $ended }, всего { $length }
alert-acknowledged = подтвердил(а) { $owner }
alert-acknowledged-until = подтвердил(а) { $owner }, до { $until }
alert-flapping = То появляется, то пропадает: вам сообщат, когда станет ясно.
alert-acknowledge = Подтвердить
alert-runbook = Инструкция
alert-dashboard = Панель
alert-label-where = где
alert-label-when = когда
alert-label-how-bad = серьёзность
alert-label-open = сколько
alert-label-why = почему
alert-label-do = что делать
alert-label-note = заметка
alert-step = Шаг эскалации: { $step }.
alert-page =
    { $page ->
        [ask] Подтвердить это оповещение?
        [take] Взять на себя?
        [done] Подтверждено
        [used] Ссылка уже использована
        [over] Подтверждать нечего
        [away] Подтвердить это оповещение?
        [expired] Срок действия ссылки истёк
        [malformed] Ссылка неполная
       *[forged] Это не наша ссылка
    }
alert-page-text =
    { $page ->
        [ask] Вы берёте его на себя, и больше никого не вызывают. Оно остаётся открытым, пока стандарт снова не соблюдается.
        [take] Им уже кто-то занимается. Если вы возьмёте его на себя, оно будет вашим.
        [done] Теперь оно ваше. Больше никого не вызывают.
        [used] Второй раз она ничего не делает. Здесь видно, как обстоит дело сейчас.
        [over] Оповещение завершено.
        [away] Сейчас нельзя показать, как обстоит дело. Подтвердить всё равно можно.
        [expired] Ссылки действуют сутки. Откройте самое новое сообщение.
        [malformed] Часть её потерялась по пути. Откройте ссылку из сообщения целиком.
       *[forged] Её подписала не эта служба. Откройте ссылку из сообщения целиком.
    }
