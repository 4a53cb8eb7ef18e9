using Carillon.Transports;
using Microsoft.Extensions.Logging;

namespace Carillon.Relational;

/// <summary>Notices that another program runs under the name of the same service and handles other messages, and says so once for each.</summary>
internal sealed class ApplicationWatch(string subscription, LeaseHolder holder, ILogger logger)
{
    private readonly HashSet<ApplicationIdentity> _reported = [];

    public void Look(IReadOnlyList<StoredInstance> others)
    {
        foreach (var (member, application) in others.Select(static other => (other.Member, other.Application)))
        {
            if (application.Name == holder.Application.Name || member.Handles.IsSameAs(holder.Handles) || !_reported.Add(application))
                continue;
            logger.ForeignApplication(
                ErrorCodes.ServiceNameShared, subscription,
                holder.Application.Name, holder.Application.Version, Describe(holder.Handles.Except(member.Handles)),
                application.Name, application.Version, Describe(member.Handles.Except(holder.Handles)));
        }
    }

    private static string Describe(IReadOnlyList<string> types) => types.Count == 0 ? "nothing" : string.Join(", ", types);
}
