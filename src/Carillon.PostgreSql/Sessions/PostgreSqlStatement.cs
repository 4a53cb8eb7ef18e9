using System.Globalization;
using Carillon.Relational;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.PostgreSql;

/// <summary>A command on one connection. Its parameters are typed also where they are null, so that the server plans it once.</summary>
internal sealed class PostgreSqlStatement : Statement, IDisposable
{
    private readonly NpgsqlCommand _command;
    private readonly string[] _names;
    private QueuedRows? _queued;

    public PostgreSqlStatement(NpgsqlConnection connection, CompiledSql sql)
    {
        _command = new NpgsqlCommand(sql.Text, connection);
        _names = sql.Parameters;
        foreach (var _ in _names)
            _command.Parameters.Add(new NpgsqlParameter { Value = DBNull.Value });
    }

    public override PostgreSqlStatement Set(string name, long? value) => SetValue(name, value, NpgsqlDbType.Bigint);

    public override PostgreSqlStatement Set(string name, string? value) => SetValue(name, value, NpgsqlDbType.Text);

    public override PostgreSqlStatement Set(string name, byte[]? value) => SetValue(name, value, NpgsqlDbType.Bytea);

    /// <summary>Sets an array.</summary>
    public PostgreSqlStatement SetArray(string name, Array values, NpgsqlDbType elements) => SetValue(name, values, NpgsqlDbType.Array | elements);

    public override async ValueTask<int> ExecuteAsync(CancellationToken cancellation = default) => await _command.RunAsync(cancellation);

    public override ValueTask QueueAsync(CancellationToken cancellation = default)
    {
        (_queued ??= new QueuedRows(_command.CommandText, _names.Length)).Add(_command.Parameters);
        return ValueTask.CompletedTask;
    }

    public override async ValueTask FlushAsync(CancellationToken cancellation = default)
    {
        if (_queued is not { } queued)
            return;
        _queued = null;
        await using var command = queued.ToCommand(_command.Connection!);
        await command.RunAsync(cancellation);
    }

    public override async ValueTask<long?> NumberAsync(CancellationToken cancellation = default) =>
        await _command.AskAsync(cancellation) is { } value and not DBNull ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : null;

    public override async ValueTask<string?> TextAsync(CancellationToken cancellation = default) =>
        await _command.AskAsync(cancellation) is { } value and not DBNull ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;

    public override async ValueTask<Rows> ReadAsync(CancellationToken cancellation = default) =>
        new PostgreSqlRows(await _command.SelectAsync(cancellation));

    public void Dispose() => _command.Dispose();

    private PostgreSqlStatement SetValue(string name, object? value, NpgsqlDbType type)
    {
        var index = Array.IndexOf(_names, name);
        if (index < 0)
            throw new ArgumentException($"The statement has no parameter {name}: {_command.CommandText}", nameof(name));
        var parameter = _command.Parameters[index];
        parameter.NpgsqlDbType = type;
        parameter.Value = value ?? DBNull.Value;
        return this;
    }
}
