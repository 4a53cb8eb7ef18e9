using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Carillon.Testing.Stores;

/// <summary>A command on the user's rows: that of the engine, in the transaction of the simulated database.</summary>
internal sealed class SimulatedDbCommand(SimulatedDbConnection connection, DbCommand rows) : DbCommand
{
    private SimulatedTransaction? _transaction;

    /// <inheritdoc/>
    [AllowNull]
    public override string CommandText { get => rows.CommandText; set => rows.CommandText = value; }

    /// <inheritdoc/>
    public override int CommandTimeout { get => rows.CommandTimeout; set => rows.CommandTimeout = value; }

    /// <inheritdoc/>
    public override CommandType CommandType { get => rows.CommandType; set => rows.CommandType = value; }

    /// <inheritdoc/>
    public override bool DesignTimeVisible { get => rows.DesignTimeVisible; set => rows.DesignTimeVisible = value; }

    /// <inheritdoc/>
    public override UpdateRowSource UpdatedRowSource { get => rows.UpdatedRowSource; set => rows.UpdatedRowSource = value; }

    /// <inheritdoc/>
    protected override DbConnection? DbConnection
    {
        get => connection;
        set
        {
            if (value != connection)
                throw new NotSupportedException("A command belongs to the connection that made it.");
        }
    }

    /// <inheritdoc/>
    protected override DbParameterCollection DbParameterCollection => rows.Parameters;

    /// <inheritdoc/>
    protected override DbTransaction? DbTransaction
    {
        get => _transaction;
        set
        {
            _transaction = (SimulatedTransaction?)value;
            rows.Transaction = _transaction?.Session.Rows;
        }
    }

    /// <inheritdoc/>
    public override void Cancel() => rows.Cancel();

    /// <inheritdoc/>
    public override int ExecuteNonQuery() => rows.ExecuteNonQuery();

    /// <inheritdoc/>
    public override object? ExecuteScalar() => rows.ExecuteScalar();

    /// <inheritdoc/>
    public override void Prepare() => rows.Prepare();

    /// <inheritdoc/>
    protected override DbParameter CreateDbParameter() => rows.CreateParameter();

    /// <inheritdoc/>
    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => rows.ExecuteReader(behavior);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            rows.Dispose();
        base.Dispose(disposing);
    }
}
