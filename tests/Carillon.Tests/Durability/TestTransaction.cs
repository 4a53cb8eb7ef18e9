using System.Data;
using System.Data.Common;

namespace Carillon.Tests.Durability;

/// <summary>A transaction of nothing, to be known again.</summary>
internal sealed class TestTransaction(TestConnection connection) : DbTransaction
{
    public override IsolationLevel IsolationLevel => IsolationLevel.Serializable;

    protected override DbConnection DbConnection => connection;

    public override void Commit() => throw new NotSupportedException();

    public override void Rollback() => throw new NotSupportedException();
}
