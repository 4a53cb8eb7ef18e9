using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>Looks at connections that are closed, and leaves them as they are.</summary>
internal sealed class CountingInterceptor : DbConnectionInterceptor
{
    private int _closed;

    /// <summary>How many were closed.</summary>
    public int Closed => _closed;

    public override Task ConnectionClosedAsync(DbConnection connection, ConnectionEndEventData eventData)
    {
        Interlocked.Increment(ref _closed);
        return Task.CompletedTask;
    }
}
