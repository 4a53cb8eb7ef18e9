using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>Keeps models with different versions of Carillon's tables apart.</summary>
internal sealed class ScriptsKey : IModelCacheKeyFactory
{
    public object Create(DbContext context, bool designTime) => (context.GetType(), string.Concat((context as MigratedContext)?.Scripts.Select(script => script.Sql) ?? []), designTime);
}
