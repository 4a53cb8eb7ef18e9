using System.Data.Common;
using Carillon.Durability;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Carillon.EntityFrameworkCore;

/// <summary>Gives every connection that a context opens to the store's database the settings that keep it safe.</summary>
internal sealed class StoreConnectionInterceptor : DbConnectionInterceptor
{
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        if (ContextOutbox.Of(eventData.Context!).FindStore() is IConnectionSettings settings)
            settings.Apply(connection);
    }

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }
}
