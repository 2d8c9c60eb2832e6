// A database in memory and one in a file; linked statically with Debian's libsqlite3.a.
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int print_row(void *unused, int count, char **values, char **names)
{
    (void)unused;
    (void)names;
    for (int i = 0; i < count; i++)
    {
        printf("%s%s", i ? "|" : "", values[i] ? values[i] : "NULL");
    }

    printf("\n");
    return 0;
}

static void run(sqlite3 *db, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(db, sql, print_row, NULL, &message) != SQLITE_OK)
    {
        printf("error: %s\n", message);
        sqlite3_free(message);
    }
}

static void work(sqlite3 *db)
{
    run(db, "create table item(id integer primary key, name text, price real, kind int)");
    run(db, "begin");
    sqlite3_stmt *insert;
    sqlite3_prepare_v2(db, "insert into item values(?1, ?2, ?3, ?4)", -1, &insert, NULL);
    unsigned x = 1;
    for (int i = 1; i <= 3000; i++)
    {
        char name[32];
        x = x * 1103515245u + 12345u;
        snprintf(name, sizeof name, "item %u", (x >> 8) % 5000);
        sqlite3_bind_int(insert, 1, i);
        sqlite3_bind_text(insert, 2, name, -1, SQLITE_TRANSIENT);
        sqlite3_bind_double(insert, 3, (x >> 4) % 100000 / 7.0);
        sqlite3_bind_int(insert, 4, (int)(x >> 20) % 13);
        sqlite3_step(insert);
        sqlite3_reset(insert);
    }

    sqlite3_finalize(insert);
    run(db, "commit");
    run(db, "create index by_name on item(name)");
    run(db, "select count(*), round(sum(price), 6), min(name), max(name) from item");
    run(db, "select kind, count(*), avg(price) from item group by kind order by kind");
    run(db, "select a.name, count(*) n from item a join item b on a.name = b.name group by a.name having n > 3 order by n desc, a.name limit 5");
    run(db, "with recursive c(i) as (select 1 union all select i + 1 from c where i < 20) select group_concat(i * i, ' ') from c");
    run(db, "update item set price = price * 1.1 where kind = 3");
    run(db, "delete from item where id % 7 = 0");
    run(db, "select count(*), printf('%.3f', total(price)) from item");
    run(db, "select upper(substr(name, 1, 4)), length(name), name like '%1%' from item order by id limit 3");
    run(db, "select json_extract('{\"a\":[1,2,{\"b\":3.5}]}', '$.a[2].b'), length(randomblob(8)), 7 / 2, 7 / 2.0, 1e300 * 1e10");
    run(db, "insert into item values(1, 'twice', 0, 0)");
    run(db, "pragma integrity_check");
}

int main(void)
{
    sqlite3 *db;
    printf("%s\n", sqlite3_libversion());
    sqlite3_open(":memory:", &db);
    work(db);
    sqlite3_close(db);

    char path[64];
    snprintf(path, sizeof path, "/tmp/mmuemu-sqlite-%d.db", (int)getpid());
    for (int i = 0; i < 2; i++)
    {
        unlink(path);
        sqlite3_open(path, &db);
        run(db, i == 0 ? "pragma journal_mode = delete" : "pragma journal_mode = memory");
        work(db);
        sqlite3_close(db);
        sqlite3_open(path, &db);
        run(db, "select count(*) from item");
        sqlite3_close(db);
    }

    unlink(path);
    return 0;
}
