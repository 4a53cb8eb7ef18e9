using Microsoft.EntityFrameworkCore;

namespace Carillon.KillTests;

/// <summary>The rows of publishers and handlers where both work through Entity Framework Core.</summary>
internal sealed class BankContext(DbContextOptions<BankContext> options) : DbContext(options)
{
    public DbSet<Booking> Bookings => Set<Booking>();

    public DbSet<Effect> Effects => Set<Effect>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Booking>(booking =>
        {
            booking.ToTable("kill_bookings").HasKey(row => new { row.Key, row.Version });
            booking.Property(row => row.Key).HasColumnName("key");
            booking.Property(row => row.Version).HasColumnName("version").ValueGeneratedNever();
        });
        modelBuilder.Entity<Effect>(effect =>
        {
            effect.ToTable("kill_effects").HasKey(row => row.Position);
            effect.Property(row => row.Position).HasColumnName("position").ValueGeneratedOnAdd();
            effect.Property(row => row.Subscription).HasColumnName("subscription");
            effect.Property(row => row.Key).HasColumnName("key");
            effect.Property(row => row.Version).HasColumnName("version");
            effect.Property(row => row.Message).HasColumnName("message");
            effect.Property(row => row.Process).HasColumnName("process");
            effect.Property(row => row.At).HasColumnName("at");
            effect.Ignore(row => row.Happening);
        });
    }
}
