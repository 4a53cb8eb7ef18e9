using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Carillon.Sqlite;

/// <summary>
/// A statement without results that is executed many times in a row. It binds by number; the driver would look up each name each time, which takes
/// longer than the insert where there are many.
/// </summary>
internal sealed class RepeatedInsert(SqliteConnection connection, string sql) : IDisposable
{
    private readonly sqlite3_stmt _statement = Prepare(connection.Handle!, sql);
    private byte[] _text = new byte[1024];

    /// <summary>Executes it with values in the order in which its parameters appear first.</summary>
    public void Execute(IEnumerable<SqliteParameter> values)
    {
        var number = 0;
        foreach (var parameter in values)
            Check(Bind(++number, parameter.Value));
        var code = raw.sqlite3_step(_statement);
        if (code != raw.SQLITE_DONE)
        {
            // Before the reset, which would say the same without the text.
            Check(code);
        }

        raw.sqlite3_reset(_statement);
    }

    public void Dispose() => _statement.Dispose();

    private static sqlite3_stmt Prepare(sqlite3 database, string sql)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, sql, out var statement), database);
        return statement;
    }

    private int Bind(int number, object? value) => value switch
    {
        long whole => raw.sqlite3_bind_int64(_statement, number, whole),
        string { Length: > 0 } text => BindText(number, text),
        string => raw.sqlite3_bind_text(_statement, number, ""),
        byte[] { Length: > 0 } bytes => raw.sqlite3_bind_blob(_statement, number, bytes),
        byte[] => raw.sqlite3_bind_zeroblob(_statement, number, 0),
        _ => raw.sqlite3_bind_null(_statement, number),
    };

    private int BindText(int number, string text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_text.Length < most)
            _text = new byte[most];
        return raw.sqlite3_bind_text(_statement, number, _text.AsSpan(0, Encoding.UTF8.GetBytes(text, _text)));
    }

    private void Check(int code)
    {
        if (code is raw.SQLITE_OK)
            return;
        try
        {
            SqliteException.ThrowExceptionForRC(code, connection.Handle);
        }
        finally
        {
            raw.sqlite3_reset(_statement);
        }
    }
}
