using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Carillon.EntityFrameworkCore;

/// <summary>The interceptors of a context that are not Carillon's.</summary>
internal static class OtherInterceptors
{
    private static readonly ConcurrentDictionary<Type, bool> _preparing = new();
    private static readonly ConcurrentDictionary<Type, bool> _committing = new();

    /// <summary>An interceptor that has a say in which connection is opened, or in what is done with it then.</summary>
    public static Type? FindPreparing(DbContext context) => Find<IDbConnectionInterceptor>(context, _preparing, static type =>
        Overrides(type, typeof(IDbConnectionInterceptor), typeof(DbConnectionInterceptor), "ConnectionCreat", "ConnectionOpen"));

    /// <summary>Whether an interceptor does something right before a commit, or has a say in whether it happens.</summary>
    public static bool HaveSayInCommits(DbContext context) => Find<IDbTransactionInterceptor>(context, _committing, static type =>
        Overrides(type, typeof(IDbTransactionInterceptor), typeof(DbTransactionInterceptor), "TransactionCommitting")) is not null;

    private static Type? Find<TInterceptor>(DbContext context, ConcurrentDictionary<Type, bool> known, Func<Type, bool> isMeant)
        where TInterceptor : IInterceptor =>
        (context.GetService<IDbContextOptions>().FindExtension<CoreOptionsExtension>()?.Interceptors ?? [])
        .Concat(context.GetService<IEnumerable<IInterceptor>>())
        .OfType<TInterceptor>()
        .Select(static interceptor => interceptor.GetType())
        .Where(static type => type.Assembly != typeof(OtherInterceptors).Assembly)
        .FirstOrDefault(type => known.GetOrAdd(type, isMeant));

    private static bool Overrides(Type interceptor, Type contract, Type doingNothing, params string[] beginnings)
    {
        var members = interceptor.GetInterfaceMap(contract);
        return members.InterfaceMethods.Zip(members.TargetMethods).Any(member =>
            member.Second.DeclaringType != doingNothing
            && member.Second.DeclaringType != contract
            && beginnings.Any(beginning => member.First.Name.StartsWith(beginning, StringComparison.Ordinal)));
    }
}
