using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Proxies.Internal;

namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>Parcels. No two have one number.</summary>
public class ParcelContext : DbContext
{
    private readonly bool _hasProxies;

    public ParcelContext(DbContextOptions<ParcelContext> options)
        : this((DbContextOptions)options)
    {
    }

    protected ParcelContext(DbContextOptions options)
        : base(options)
    {
#pragma warning disable EF1001 // Whether there are proxies is said nowhere else.
        _hasProxies = options.FindExtension<ProxiesOptionsExtension>() is not null;
#pragma warning restore EF1001
    }

    public DbSet<Parcel> Parcels => Set<Parcel>();

    /// <summary>Whose tables these are; null where there is one owner of all.</summary>
    public virtual string? Tenant => null;

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Parcel>(parcel =>
    {
        parcel.ToTable($"{Tenant}parcels", Tenant);
        parcel.HasIndex(row => row.Number).IsUnique();
        parcel.Property(row => row.Version).IsConcurrencyToken();
        parcel.OwnsOne(row => row.Address);
        parcel.OwnsMany(row => row.Labels, label => label.ToJson());
    });

    /// <summary>Adds a parcel and publishes it.</summary>
    public void Place(int number)
    {
        Add(number);
        this.Publish(new OrderPlaced("a", number));
    }

    /// <summary>Adds a parcel.</summary>
    public void Add(int number)
    {
        var parcel = Make<Parcel>();
        (parcel.Number, parcel.Address) = (number, Make<Address>());
        parcel.Labels.Add(Make<Label>());
        Parcels.Add(parcel);
    }

    private T Make<T>()
        where T : class, new() => _hasProxies ? this.CreateProxy<T>() : new T();
}
