# Что говорит `sqm report` по-русски. Словарь тот же, что у `sqm explain`. Ключи и их аргументы на всех языках одни.

## What every report says

report-title =
    { $kind ->
        [attainment] Как соблюдались стандарты
        [waits] Сколько времени ушло
        [violations] Нарушения
        [complaints] Жалобы
       *[scorecard] Сводная карта
    }
report-fact-period = Период
report-fact-zone = Время по
report-fact-by = В разрезе
report-fact-against = В сравнении с
report-fact-made = Составлено
report-fact-n = Мало, если меньше
report-span = { $begin } – { $end }
report-span-open = всё, что есть в истории
report-named-span = { $name }: { $span }
report-made = { $at }, sqm { $version }
report-nothing = Показать нечего
report-nothing-says = В истории за этот период об этом ничего нет. Это ни хорошо, ни плохо: никто не приходил или ничего не записано.
report-contents = Содержание
report-how = Как получены эти показатели
report-more-rows =
    { $n ->
        [one] Ещё { $n } строка здесь не показана; в CSV, JSON и Parquet есть все.
        [few] Ещё { $n } строки здесь не показаны; в CSV, JSON и Parquet есть все.
       *[other] Ещё { $n } строк здесь не показаны; в CSV, JSON и Parquet есть все.
    }
report-not-said = не указано
report-whole = всё вместе
report-others =
    { $n ->
        [one] ещё { $n }, слишком мало для показа
        [few] ещё { $n }, слишком мало для показа
       *[other] ещё { $n }, слишком мало для показа
    }
report-target =
    { $better ->
        [lower] не более { $target }
       *[higher] не менее { $target }
    }
report-by =
    { $by ->
        [site] Площадка
        [region] Регион
        [queue] Очередь
        [hour] Час
        [clock_hour] Час суток
        [day] День
        [weekday] День недели
        [week] Неделя
        [month] Месяц
        [channel] Канал
        [service] Услуга
        [segment] Вид клиента
        [priority] Приоритет
        [team] Команда
       *[employee] Сотрудник
    }
report-weekday =
    { $day ->
        [1] понедельник
        [2] вторник
        [3] среда
        [4] четверг
        [5] пятница
        [6] суббота
       *[7] воскресенье
    }
report-day-short =
    { $month ->
        [1] { $day } янв
        [2] { $day } фев
        [3] { $day } мар
        [4] { $day } апр
        [5] { $day } мая
        [6] { $day } июн
        [7] { $day } июл
        [8] { $day } авг
        [9] { $day } сен
        [10] { $day } окт
        [11] { $day } ноя
       *[12] { $day } дек
    }
report-weekday-short =
    { $day ->
        [1] Пн
        [2] Вт
        [3] Ср
        [4] Чт
        [5] Пт
        [6] Сб
       *[7] Вс
    }
report-metric =
    { $name ->
        [sl_all_offered] Уровень сервиса, все пришедшие
        [sl_short_excluded] Уровень сервиса без быстро ушедших
        [sl_short_credited] Уровень сервиса, быстро ушедшие засчитаны
        [sl_late_abandons] Уровень сервиса без ушедших в пределах норматива
        [sl_abandons_credited] Уровень сервиса, ушедшие в пределах норматива засчитаны
        [sl_answered_only] Уровень сервиса, только обслуженные
        [goal_met] В пределах норматива
        [abandonment] Ушли до обслуживания
        [abandonment_net] Ушли, без быстро ушедших
        [asa] Среднее время
        [aht] Среднее время обработки
        [p50] У половины не более
        [p75] У 75 % не более
        [p90] У 90 % не более
        [p95] У 95 % не более
        [p99] У 99 % не более
        [rate] Доля
        [first_contact_resolution] Решено с первого обращения
        [transfer_rate] Передано
        [reopen_rate] Открыто снова
        [per_100] На 100
        [per_1000] На 1000
        [complaints_per_1000] Жалоб на 1000 посещений
        [lost_sales_per_100] Несостоявшихся продаж на 100 посещений
        [csat_top2] Довольны (две высшие оценки)
        [csat_mean] Средняя удовлетворённость
        [nps] Индекс рекомендаций (NPS)
        [ces] Оценка усилий
        [checklist_score] Оценка по листу проверки
       *[critical_failures] Листы с критическим промахом
    }

## States and trends

report-state =
    { $state ->
        [holds] соблюдается
        [misses] не достигнута, возможно случайно
        [surely] не достигнута
        [few] слишком мало для оценки
        [unknown] цель неизвестна
       *[none] нет данных
    }
report-state-says =
    { $state ->
        [holds] цель достигнута
        [misses] цель не достигнута, но не больше, чем объясняет случай (95 %)
        [surely] цель не достигнута больше, чем объясняет случай
        [few] меньше наименьшего n стандарта, поэтому оценки нет
        [unknown] в истории нет текста этого стандарта
       *[none] ничего не посчитано, а это ни хорошо, ни плохо
    }
report-trend =
    { $trend ->
        [better] лучше
        [worse] хуже
        [same] без явных изменений
       *[none] не с чем сравнить
    }
report-trend-from =
    { $trend ->
        [better] лучше, чем раньше ({ $before })
        [worse] хуже, чем раньше ({ $before })
        [same] раньше { $before }, явных изменений нет
       *[none] раньше: нет данных
    }

## Columns

report-column-standard = Стандарт
report-column-target = Цель
report-column-figure = Показатель
report-column-likely = Вероятно (95 %)
report-column-n = n
report-column-before = Раньше
report-column-trend = Изменение
report-column-state = Состояние
report-column-with-excluded = С исключённым
report-column-metric = Метрика
report-column-formula = Формула
report-column-mean = Среднее
report-column-longest = Дольше всего
report-column-left = Ушли
report-column-within = В пределах норматива
report-column-kind = Вид
report-column-reason = Причина
report-column-open = Открыто
report-column-closed = Завершено
report-column-retracted = Отозвано
report-column-late = Сообщено поздно
report-column-journey = Обращение
report-column-value = Заняло
report-column-limit = Норматив
report-column-times = К нормативу
report-column-opened = Открыто
report-column-where = Где
report-column-explain = Объяснение
report-column-count = Жалобы
report-column-per-1000 = На 1000 посещений
report-column-visits = Посещения
report-column-answered = С ответом
report-column-resolved = Решено
report-column-withdrawn = Отозвано
report-column-reopened = Открыто снова
report-column-escalated = Передано дальше
report-column-topic = О чём
report-column-severity = Тяжесть

## Attainment

report-trend-title = { $metric }: во времени
report-trend-chart = По точке на каждый шаг ({ $unit }), полоса — где показатель вероятно лежит (95 %), пунктир — цель ({ $target }). От { $first } ({ $first_figure }) до { $last } ({ $last_figure }); наименьший { $lowest_at } ({ $lowest }), наибольший { $highest_at } ({ $highest }). У полых точек слишком мало данных для оценки.
report-unit =
    { $unit ->
        [hour] час
        [day] день
        [week] неделя
       *[month] месяц
    }
report-groups-title = { $metric }; разрез: { $by }
report-groups-chart = По точке на каждую строку, черта — где показатель вероятно лежит (95 %), пунктир — цель ({ $target }). Дальше всего от цели: { $worst } ({ $worst_figure }). Лучше всех: { $best } ({ $best_figure }).
report-groups-cut = Показаны { $n }, что дальше всего от цели.
report-heat-title = { $metric }: дни недели и часы
report-heat-chart = Каждое поле — час дня недели, все недели вместе. Дальше всего от цели: { $worst } ({ $worst_figure }, n { $n }).
report-heat-grid = { $metric }; в скобках n
report-heat-few = слишком мало
report-level =
    { $name ->
        [sl_all_offered] все пришедшие
        [sl_short_excluded] без быстро ушедших
        [sl_short_credited] быстро ушедшие засчитаны
        [sl_late_abandons] без ушедших в пределах нормы
        [sl_abandons_credited] ушедшие в норме засчитаны
       *[sl_answered_only] только обслуженные
    }
report-levels-title = Те же обращения по каждому уровню сервиса
report-levels-chart = Шесть уровней сервиса по-разному считают ушедших. По этому стандарту судят так: { $aim }.
report-metrics-title = Все метрики этого стандарта
report-tile-target = цель { $target }
report-tile-likely = вероятно { $likely }
report-worst-group = Дальше всего от цели
report-state-title = Состояние
report-n-title = Посчитано
report-excluded = Исключено по договорённости: { $id }, { $begin } – { $end }: { $reason } Внесено: { $author }.
report-excluded-beside = В показателях нет того, что исключено по договорённости; столбец рядом — вместе с ним.
report-how-attainment = { $metric } = { $formula }; считаются { $counted } в { $attribution }. Суммы на суммы: показатель месяца сделан из сумм месяца, а не из показателей дней.
report-attribution =
    { $kind ->
        [journeys] периоде, когда клиент пришёл
       *[other] периоде, когда они произошли
    }
report-counted =
    { $kind ->
        [journeys] обращения
        [answers] ответы
        [contacts] контакты
        [checklists] листы проверки
       *[events] события
    }
report-how-minutes = Из минутных сумм, которые действуют в истории, с исправлениями.
report-how-measurements = Из отдельных измерений, которые действуют в истории, с исправлениями: только в них есть { $by }.
report-how-likely = «Вероятно» — где показатель лежит с уверенностью 95 % (для доли интервал Уилсона, для среднего Стьюдента). Малое число говорит мало, и интервал широк.
report-how-state = Оценка за весь период: { $states }. На живой линии стандарт оценивают в его собственных окнах, поэтому нарушения и это состояние могут расходиться.
report-how-names = О сотрудниках и командах, у которых меньше { $n }, поимённо ничего не показано. Если такой только один, не показан и следующий по величине: показатель одного можно было бы вычислить по остальным.

## Waits

report-percentile =
    { $name ->
        [p50] Половина
        [p75] 75 %
        [p90] 90 %
        [p95] 95 %
       *[p99] 99 %
    }
report-tile-of = { $good } из { $total }
report-tile-left = до обслуживания
report-distribution-title = Сколько времени ушло
report-distribution-chart = Скольких обслужили за какое время, шагами по { $width }; пунктир — норматив { $limit }. В пределах норматива { $within } из { $n }. В последнем столбце всё, что дольше.
report-distribution-many = Скольких обслужили за какое время, шагами по { $width }. В пределах норматива, который не у всех один, { $within } из { $n }. В последнем столбце всё, что дольше.
report-served = обслужены
report-left = ушли
report-limit = норматив { $limit }
report-target-mark = цель: { $target }
report-percentiles-title = Половина, 90 % и 95 %; разрез: { $by }
report-percentiles-chart = Слева направо: у половины не более, у 90 %, у 95 %. Дольше всего 90 %: { $worst } ({ $worst_figure }).
report-waits-heat-title = У 90 % не более: дни недели и часы
report-waits-heat-chart = Каждое поле — час дня недели, все недели вместе. Дольше всего: { $worst } ({ $worst_figure }, n { $n }).
report-waits-trend-title = Половина и 90 % во времени
report-waits-trend-chart = По точке на каждый шаг ({ $unit }): у половины не более (нижняя линия), у 90 % (верхняя). Дольше всего 90 %: { $worst } — { $worst_figure }.
report-how-waits = Из отдельных измерений, которые действуют в истории: отсчёты, которые остановлены и правдоподобны; ушедшие посчитаны рядом. Процентиль — значение ближайшего ранга, до миллисекунды. Исключённое по договорённости здесь есть.
report-times-limit =
    { $class ->
        [c0] до половины норматива
        [c1] в пределах норматива
        [c2] до двух нормативов
        [c3] до четырёх
       *[c4] дольше
    }
report-times-target =
    { $class ->
        [c0] вдвое лучше цели
        [c1] цель достигнута
        [c2] до двух целей
        [c3] до четырёх
       *[c4] больше
    }
report-from-target =
    { $class ->
        [c0] лучше на 5 пунктов и более
        [c1] цель достигнута
        [c2] хуже до 10 пунктов
        [c3] хуже до 25 пунктов
       *[c4] ещё хуже
    }

## Violations

report-kind =
    { $kind ->
        [journey] Стандарт нарушен
        [at_risk] Был под угрозой
        [presence] Нет сигнала
        [objective] Цель не достигнута
       *[burn] Запас тратится слишком быстро
    }
report-reason =
    { $reason ->
        [limit_passed] норматив превышен
        [warning_passed] порог предупреждения пройден
        [ended_late] закончилось позже норматива
        [ended] закончилось
        [expired] отсчёт брошен, никто не закончил
        [cancelled] отменено
        [abandoned_late] клиент ушёл позже норматива
        [due_moved] срок перенесён
        [ended_in_time] оказалось вовремя
        [no_such_clock] оказалось, что этого не было
        [violated] стало нарушением
        [implausible] оказалось неправдоподобным
        [standard_retired] стандарт отменён
        [below_minimum] ниже минимума
        [step_missing] нет шага
        [step_late] шаг опоздал
        [step_repeated] шаг повторён
        [step_out_of_order] шаг не по порядку
        [silent] ничего не слышно
        [reported_again] снова слышно
        [forgotten] больше не ждут
        [target_missed] цель не достигнута
        [target_kept] цель снова достигнута
        [too_few] слишком мало для оценки
        [no_data] нет данных
        [window_over] окно закончилось
        [standard_over] стандарт закончился
        [burning] запас тратится
        [burn_over] трата закончилась
       *[inhibited] покрыто более тяжёлым
    }
report-violations-tile = Обращения с нарушением
report-violations-open = Открыто сейчас
report-violations-retracted = Отозвано
report-violations-retracted-says = позднее сообщение показало, что их не было
report-violations-open-says = не завершены и не отозваны
report-violations-trend = Нарушения во времени
report-violations-trend-chart = Сколько открыто за каждый шаг ({ $unit }), по видам. Больше всего: { $most_at } — { $most }.
report-violations-groups = Обращения с нарушением; разрез: { $by }
report-violations-groups-chart = Сколько открыто в каждой строке; больше всего: { $worst } ({ $most }).
report-violations-reasons = По стандартам, видам и причинам
report-violations-by = Разрез: { $by }
report-violations-told =
    { $which ->
        [worst] Худшие обращения: во сколько раз дольше норматива
       *[open] Открыты дольше всего
    }
report-violations-told-says = Каждое объяснено ниже, словами команды, что стоит рядом.
report-violations-none-open = Открытых нет.
report-how-violations = Нарушения, открытые за период, в их нынешнем состоянии. Отозванное никогда не было нарушением и посчитано отдельно.
report-how-risk = «Был под угрозой» — предупреждение до норматива, а не нарушение.
report-explain-command = sqm explain { $id }

## Complaints

report-complaints-tile = Жалобы
report-complaints-per-1000 = На 1000 посещений
report-before = раньше: { $before }
report-complaints-open = Ещё открыты
report-complaints-open-says = не решены и не отозваны, насколько известно
report-complaints-escalated = Переданы дальше
report-complaints-escalated-says = хотя бы раз: другой площадке, очереди или сотруднику
report-complaints-visits = на { $visits } посещений
report-complaints-trend = Жалобы во времени
report-complaints-trend-chart = Сколько открыто за каждый шаг ({ $unit }). Больше всего: { $most_at } — { $most }.
report-complaints-topics = О чём жалобы
report-complaints-topics-chart = Чаще всего: { $worst } ({ $most }).
report-complaints-by = Разрез: { $by }
report-complaints-standards = Стандарты о жалобах
report-complaints-standards-none = В этом периоде нет итогов ни одного стандарта, чей отсчёт начинается с жалобы.
report-how-complaints = Жалобы, открытые за период, и что с ними стало к настоящему времени; посещения — обращения, начатые в нём. Жалобы на 1000 посещений — суммы на суммы, и значения нет, если никто не приходил.

## Scorecard

report-scorecard-title = Все стандарты; разрез: { $by }
report-scorecard-chart = По полю на каждый стандарт и строку разреза ({ $by }): показатель, цвет — состояние. Не достигнуто { $missed } из { $judged }, которые можно оценить.
report-scorecard-tile-holds = Соблюдаются
report-scorecard-tile-missed = Не достигнуты, и не случайно
report-scorecard-tile-chance = Не достигнуты, возможно случайно
report-scorecard-tile-few = Мало или нет данных
report-scorecard-tile-of = из { $n }
report-scorecard-whole = Всё вместе
report-scorecard-whole-says = Каждый стандарт на всём, что он охватывает.
report-scorecard-grid = Разрез: { $by }
report-scorecard-cut = Показаны { $n } с наибольшим числом недостигнутых стандартов.
report-how-scorecard = Каждый показатель — по той метрике, по которой судят стандарт. Изменение названо, только если вероятные интервалы (95 %) обоих периодов не пересекаются; у процентиля такого интервала нет, и оно названо с десятой доли.
report-how-missing = Не показано, так как то, что считают или оценивают, так не делится: { $standards }.
report-column-held-to = По чему судят
