using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Carillon.Tests.Durability;

/// <summary>A connection to nothing, to be known again.</summary>
internal sealed class TestConnection : DbConnection
{
    [AllowNull]
    public override string ConnectionString { get; set; } = "";

    public override string Database => "";

    public override string DataSource => "";

    public override string ServerVersion => "";

    public override ConnectionState State => ConnectionState.Open;

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

    public override void Close()
    {
    }

    public override void Open()
    {
    }

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => new TestTransaction(this);

    protected override DbCommand CreateDbCommand() => throw new NotSupportedException();
}
